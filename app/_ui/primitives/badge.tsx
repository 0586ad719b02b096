/** Small words about a thing: its state, its kind, a filter. Colour never stands alone; a word or icon goes with it. */
import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look = cva('inline-flex max-w-full items-center gap-1.5 truncate text-xs font-medium whitespace-nowrap [&_svg]:size-3.5 [&_svg]:shrink-0', {
  variants: {
    tone: {
      neutral: 'bg-hover text-ink-2',
      accent: 'bg-accent-soft text-accent',
      ok: 'bg-ok-soft text-ok',
      weak: 'bg-weak-soft text-weak',
      bad: 'bg-bad-soft text-bad',
      outline: 'border border-line bg-raised font-normal text-ink-2',
    },
    shape: { square: 'rounded-md px-2 py-0.5', pill: 'rounded-full px-2.5 py-px' },
  },
  defaultVariants: { tone: 'neutral', shape: 'square' },
});

export type BadgeProps = ComponentProps<'span'> & VariantProps<typeof look>;

export function Badge({ className, tone, shape, ...rest }: BadgeProps) {
  return <span className={classNames(look({ tone, shape }), className)} {...rest} />;
}

const dotColours = { neutral: 'bg-ink-3', accent: 'bg-accent', ok: 'bg-ok-line', weak: 'bg-weak-line', bad: 'bg-bad-line' };

/** The coloured dot before a word; says nothing by itself. */
export function Dot({ tone = 'neutral', className }: { tone?: keyof typeof dotColours; className?: string }) {
  return <span aria-hidden className={classNames('inline-block size-[7px] shrink-0 rounded-full', dotColours[tone], className)} />;
}
