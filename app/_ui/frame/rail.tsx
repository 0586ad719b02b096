/** The left rail on anything wider than a phone: areas, the pages of the area one is in or recent conversations, the person. */
'use client';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import Link from 'next/link.js';
import { usePathname } from 'next/navigation.js';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { Kbd } from '../primitives/kbd.tsx';
import { Tooltip } from '../primitives/tooltip.tsx';
import { BrandMark } from './brand.tsx';
import { useFrame } from './frame-context.ts';
import { areasFor, isWithin, type Area } from './navigation.ts';
import { PersonMenu } from './person-menu.tsx';
import { RecentConversations } from './recent-conversations.tsx';

export function Rail() {
  const { rights, railNarrow, setRailNarrow } = useFrame();
  const path = usePathname();
  const areas = areasFor(rights);
  const here = areas.find((area) => isWithin(path, area.href));
  const foldLabel = railNarrow ? 'Widen the side bar' : 'Narrow the side bar';
  return (
    <aside aria-label="Side bar" className={classNames('hidden shrink-0 flex-col border-r border-line-soft bg-panel md:flex', railNarrow ? 'w-14' : 'w-60')}>
      <div className={classNames('flex h-12 shrink-0 items-center', railNarrow ? 'justify-center' : 'justify-between pr-2 pl-[18px]')}>
        {!railNarrow && (
          <Link href="/ask" className="flex items-center gap-2 rounded-md font-semibold tracking-[-0.01em]">
            <BrandMark /> Attest
          </Link>
        )}
        <Tooltip content={foldLabel} side="right">
          <Button variant="quiet" size="icon" aria-label={foldLabel} aria-expanded={!railNarrow} onClick={() => setRailNarrow(!railNarrow)}>
            {railNarrow ? <PanelLeftOpen /> : <PanelLeftClose />}
          </Button>
        </Tooltip>
      </div>
      <nav aria-label="Areas" className="flex shrink-0 flex-col gap-0.5 px-2.5 pt-1">
        {areas.map((area) => (
          <AreaLink key={area.href} area={area} current={area === here} narrow={railNarrow} />
        ))}
      </nav>
      <div className="flex min-h-0 flex-1 flex-col">{!railNarrow && <RailBody area={here} path={path} />}</div>
      <div className="shrink-0 border-t border-line-soft p-2">
        <PersonMenu narrow={railNarrow} />
      </div>
    </aside>
  );
}

function RailBody({ area, path }: { area: Area | undefined; path: string }) {
  if (area === undefined || area.pages.length === 0) return <RecentConversations />;
  return (
    <nav aria-label={area.label} className="flex flex-col gap-px overflow-y-auto px-2.5 pt-5">
      <p className="px-2 pb-1 text-2xs font-medium text-ink-3">{area.label}</p>
      {area.pages.map((page) => {
        const current = isWithin(path, page.href);
        return (
          <Link
            key={page.href}
            href={page.href}
            {...(current ? { 'aria-current': 'page' as const } : {})}
            className={classNames('rounded-md px-2 py-1 text-sm', current ? 'bg-accent-soft text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink')}
          >
            {page.label}
          </Link>
        );
      })}
    </nav>
  );
}

function AreaLink({ area, current, narrow }: { area: Area; current: boolean; narrow: boolean }) {
  const Icon = area.icon;
  const link = (
    <Link
      href={area.href}
      {...(current ? { 'aria-current': 'page' as const } : {})}
      {...(narrow ? { 'aria-label': area.label } : {})}
      className={classNames(
        'flex h-[34px] items-center gap-2.5 rounded-lg border px-2 text-base',
        current ? 'border-line-soft bg-raised font-medium text-ink shadow-quiet' : 'border-transparent text-ink-2 hover:bg-hover hover:text-ink',
        narrow && 'justify-center px-0',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0 stroke-[1.6]" />
      {!narrow && <span className="flex-1">{area.label}</span>}
      {!narrow && area.href === '/ask' && <Kbd aria-hidden>/</Kbd>}
    </Link>
  );
  return narrow ? (
    <Tooltip content={area.label} side="right">
      {link}
    </Tooltip>
  ) : (
    link
  );
}
