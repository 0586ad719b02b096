/** A state as a dot and words. The words say everything; the dot only helps to find the row. */
import type { ReactNode } from 'react';
import { Dot } from './badge.tsx';
import { classNames } from './class-names.ts';

interface StateWordsProps {
  tone: 'neutral' | 'accent' | 'ok' | 'weak' | 'bad';
  /** Still changing by itself. */
  moving?: boolean;
  className?: string;
  children: ReactNode;
}

export function StateWords({ tone, moving = false, className, children }: StateWordsProps) {
  return (
    <span className={classNames('inline-flex items-baseline gap-2', tone === 'bad' ? 'text-bad' : 'text-ink-2', className)}>
      <Dot tone={tone} className={classNames('relative -top-px', moving && 'animate-breathe')} />
      <span>{children}</span>
    </span>
  );
}
