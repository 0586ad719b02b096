/** A dense table: 13 px, hairlines, a header that stays in view. Wide tables scroll inside their own box, never the page. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

/** `label` names the table for screen readers; the box can be scrolled by keyboard. */
export function Table({ className, label, boxClassName, ...rest }: ComponentProps<'table'> & { label: string; boxClassName?: string }) {
  return (
    <div role="region" aria-label={label} tabIndex={0} className={classNames('relative overflow-auto', boxClassName)}>
      <table className={classNames('w-full border-separate border-spacing-0 text-left text-sm', className)} {...rest} />
    </div>
  );
}

export function TableHead({ className, ...rest }: ComponentProps<'thead'>) {
  return <thead className={classNames('sticky top-0 z-10 bg-bg', className)} {...rest} />;
}

export function TableBody(props: ComponentProps<'tbody'>) {
  return <tbody {...props} />;
}

/** `selected` and `onClick` rows get their colours; the click must also be reachable through a link or button in the row. */
export function TableRow({ className, selected = false, ...rest }: ComponentProps<'tr'> & { selected?: boolean }) {
  return <tr {...(selected ? { 'aria-selected': true } : {})} className={classNames('group/row', selected ? 'bg-accent-soft' : 'hover:bg-hover/60', className)} {...rest} />;
}

export function TableHeader({ className, ...rest }: ComponentProps<'th'>) {
  return <th scope="col" className={classNames('h-9 border-b border-line px-3 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4', className)} {...rest} />;
}

export function TableCell({ className, ...rest }: ComponentProps<'td'>) {
  return <td className={classNames('h-9 border-b border-line-soft px-3 py-1.5 align-middle first:pl-4 last:pr-4', className)} {...rest} />;
}
