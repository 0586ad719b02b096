/** A box that scrolls by itself, reachable by keyboard and named. The browser's own thin scrollbars are used. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

export function ScrollArea({ label, className, ...rest }: ComponentProps<'div'> & { label: string }) {
  return <div role="region" aria-label={label} tabIndex={0} className={classNames('overflow-auto overscroll-contain focus-visible:-outline-offset-2', className)} {...rest} />;
}
