/**
 * One page inside the frame: the top bar with where one is, and the main landmark. Every page below app/(app) is
 * wrapped in this. `fill` pages manage their own scrolling (Ask, a document beside its source).
 */
'use client';
import { ChevronLeft, ChevronRight, Search } from 'lucide-react';
import Link from 'next/link.js';
import { Fragment, type ReactNode } from 'react';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { Kbd } from '../primitives/kbd.tsx';
import { useFrame } from './frame-context.ts';
import { SectionBar } from './section-bar.tsx';
import { StatusPopover } from './status-popover.tsx';
import { ThemeMenu } from './theme-menu.tsx';

export interface Crumb {
  label: string;
  href?: string;
}

interface PageFrameProps {
  /** From the area down to this page; the last one is where one is. */
  crumbs: Crumb[];
  fill?: boolean;
  /** Controls of this page in the top bar. */
  actions?: ReactNode;
  children: ReactNode;
}

export function PageFrame({ crumbs, fill = false, actions, children }: PageFrameProps) {
  return (
    <>
      <header className="flex h-12 shrink-0 items-center gap-1 border-b border-line-soft pr-2 pl-4 md:pr-3 md:pl-5">
        <WayBack crumbs={crumbs} />
        <Crumbs crumbs={crumbs} />
        {actions}
        <StatusPopover />
        <ThemeMenu />
        <PaletteButton />
      </header>
      <SectionBar />
      <main id="main" tabIndex={-1} className={classNames('min-h-0 flex-1', fill ? 'flex overflow-hidden' : 'overflow-y-auto')}>
        {fill ? children : <div className="mx-auto w-full max-w-[1280px] px-4 py-6 md:px-8 md:py-8">{children}</div>}
      </main>
    </>
  );
}

/** On a phone there is room for one step back, not for the whole way. */
function WayBack({ crumbs }: { crumbs: Crumb[] }) {
  const parent = crumbs.slice(0, -1).findLast((crumb) => crumb.href !== undefined);
  if (parent === undefined) return null;
  return (
    <Button asChild variant="quiet" size="icon" className="-ml-2 sm:hidden">
      <Link href={parent.href ?? '/'} aria-label={`Back to ${parent.label}`}>
        <ChevronLeft />
      </Link>
    </Button>
  );
}

function Crumbs({ crumbs }: { crumbs: Crumb[] }) {
  return (
    <nav aria-label="Where you are" className="mr-auto min-w-0">
      <ol className="flex min-w-0 items-center gap-1.5 text-sm">
        {crumbs.map((crumb, index) => {
          const last = index === crumbs.length - 1;
          return (
            <Fragment key={`${crumb.label}-${index}`}>
              {index > 0 && (
                <li aria-hidden className="max-sm:hidden">
                  <ChevronRight className="size-3.5 text-ink-3" />
                </li>
              )}
              <li className={classNames('min-w-0', last ? 'truncate' : 'shrink-0 max-sm:hidden')}>
                {crumb.href === undefined || last ? (
                  <span className={last ? 'text-ink' : 'text-ink-2'} title={last ? crumb.label : undefined} {...(last ? { 'aria-current': 'page' as const } : {})}>
                    {crumb.label}
                  </span>
                ) : (
                  <Link href={crumb.href} className="rounded-sm text-ink-2 hover:text-ink">
                    {crumb.label}
                  </Link>
                )}
              </li>
            </Fragment>
          );
        })}
      </ol>
    </nav>
  );
}

function PaletteButton() {
  const { setLayer } = useFrame();
  return (
    <Button variant="quiet" size="sm" className="font-normal max-md:size-8 max-md:p-0" onClick={() => setLayer('palette')}>
      <Search />
      <span className="max-md:sr-only">Search</span>
      <Kbd aria-hidden className="max-md:hidden">
        Ctrl K
      </Kbd>
    </Button>
  );
}
