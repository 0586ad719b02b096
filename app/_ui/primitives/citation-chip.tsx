/** The small numbered square that stands for a passage. `active` while its passage is open. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look =
  'hit inline-grid h-[18px] min-w-[18px] place-items-center rounded-[5px] border px-1 align-[1px] text-[11px] leading-none font-semibold tabular-nums no-underline transition-colors';

interface ChipProps {
  number: number;
  active?: boolean;
}

const colours = (active: boolean): string => (active ? 'border-accent bg-accent text-on-accent' : 'border-accent-line bg-accent-soft text-accent');

/** In running text: a button that opens the passage. */
export function CitationChip({ number, active = false, className, ...rest }: ChipProps & ComponentProps<'button'>) {
  return (
    <button type="button" className={classNames(look, 'ml-[3px] mr-px hover:border-accent', colours(active), className)} {...rest}>
      {number}
    </button>
  );
}

/** In lists, where the whole row is the control. */
export function CitationNumber({ number, active = false, className }: ChipProps & { className?: string }) {
  return (
    <span className={classNames(look, colours(active), className)}>
      {number}
    </span>
  );
}
