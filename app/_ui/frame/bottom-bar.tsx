/** The same areas on a phone, within reach of a thumb, with recent conversations and the person beside them. */
'use client';
import { CircleUserRound, History } from 'lucide-react';
import Link from 'next/link.js';
import { usePathname } from 'next/navigation.js';
import type { ComponentProps } from 'react';
import { classNames } from '../primitives/class-names.ts';
import { useFrame } from './frame-context.ts';
import { areasFor, isWithin } from './navigation.ts';
import { PersonMenu } from './person-menu.tsx';

const itemLook = 'flex min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-2xs [&_svg]:size-5 [&_svg]:stroke-[1.6] focus-visible:-outline-offset-2';

export function BottomBar() {
  const { rights, setLayer } = useFrame();
  const path = usePathname();
  return (
    <nav aria-label="Areas" className="flex h-14 shrink-0 border-t border-line-soft bg-panel pb-[env(safe-area-inset-bottom)] md:hidden">
      {areasFor(rights).map(({ href, label, icon: Icon }) => {
        const current = isWithin(path, href);
        return (
          <Link key={href} href={href} {...(current ? { 'aria-current': 'page' as const } : {})} className={classNames(itemLook, current ? 'font-medium text-accent' : 'text-ink-2')}>
            <Icon aria-hidden />
            {label}
          </Link>
        );
      })}
      <BarButton onClick={() => setLayer('recent')}>
        <History aria-hidden />
        Recent
      </BarButton>
      <PersonMenu>
        <BarButton>
          <CircleUserRound aria-hidden />
          You
        </BarButton>
      </PersonMenu>
    </nav>
  );
}

function BarButton(props: ComponentProps<'button'>) {
  return <button type="button" className={classNames(itemLook, 'text-ink-2')} {...props} />;
}
