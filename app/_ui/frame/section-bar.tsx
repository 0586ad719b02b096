/** The pages of the area one is in, on a phone, where the rail that lists them is not shown. */
'use client';
import Link from 'next/link.js';
import { usePathname } from 'next/navigation.js';
import { useEffect, useRef } from 'react';
import { classNames } from '../primitives/class-names.ts';
import { useFrame } from './frame-context.ts';
import { areasFor, isWithin } from './navigation.ts';

export function SectionBar() {
  const { rights } = useFrame();
  const path = usePathname();
  const bar = useRef<HTMLElement>(null);
  const area = areasFor(rights).find(({ href }) => isWithin(path, href));
  useEffect(() => {
    const current = bar.current?.querySelector('[aria-current="page"]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [path]);
  if (area === undefined || area.pages.length < 2) return null;
  return (
    <nav ref={bar} aria-label={`Pages of ${area.label}`} className="flex shrink-0 gap-1 overflow-x-auto border-b border-line-soft px-2.5 py-1.5 [scrollbar-width:none] md:hidden">
      {area.pages.map((page) => {
        const current = isWithin(path, page.href);
        return (
          <Link
            key={page.href}
            href={page.href}
            {...(current ? { 'aria-current': 'page' as const } : {})}
            className={classNames('rounded-md px-2 py-1.5 text-sm whitespace-nowrap focus-visible:-outline-offset-2', current ? 'bg-accent-soft text-ink' : 'text-ink-2')}
          >
            {page.label}
          </Link>
        );
      })}
    </nav>
  );
}
