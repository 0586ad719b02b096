/** Buttons. `primary` once per view, `outline` beside it, `quiet` in rows and bars, `danger` only for what cannot be undone. */
import { cva, type VariantProps } from 'class-variance-authority';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';

const look = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-lg border font-medium whitespace-nowrap transition-colors duration-100 disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-ink bg-ink text-bg hover:bg-ink/88 disabled:border-line disabled:bg-line disabled:text-ink-3 disabled:opacity-100',
        accent: 'border-accent bg-accent text-on-accent hover:bg-accent/90',
        outline: 'border-line bg-raised text-ink shadow-quiet hover:bg-hover',
        quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-hover hover:text-ink aria-pressed:bg-hover aria-pressed:text-ink data-[state=open]:bg-hover data-[state=open]:text-ink',
        danger: 'border-bad bg-bad text-bg hover:bg-bad/90',
      },
      size: {
        sm: 'h-7 px-2 text-xs [&_svg]:size-3.5',
        md: 'h-8 px-3 text-sm [&_svg]:size-4',
        lg: 'h-10 px-4 text-base [&_svg]:size-4',
        icon: 'size-8 text-sm [&_svg]:size-4',
        'icon-sm': 'hit size-6 rounded-md text-xs [&_svg]:size-3.5',
      },
    },
    defaultVariants: { variant: 'outline', size: 'md' },
  },
);

export type ButtonProps = ComponentProps<'button'> & VariantProps<typeof look> & { asChild?: boolean };

/** A button, or with `asChild` its one child (a link) dressed as one. */
export function Button({ className, variant, size, asChild = false, type, ...rest }: ButtonProps) {
  const classes = classNames(look({ variant, size }), className);
  if (asChild) return <Slot.Root className={classes} {...rest} />;
  return <button type={type ?? 'button'} className={classes} {...rest} />;
}
