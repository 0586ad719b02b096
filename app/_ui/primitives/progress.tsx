/** A bar. `value` from 0 to 1, or null when it is not known how far. */
'use client';
import { Progress as Radix } from 'radix-ui';
import { classNames } from './class-names.ts';

/** How wide the bar is drawn while nobody knows: a full one would look finished. */
const unknownPercent = 35;
const tones = { accent: 'bg-accent', ok: 'bg-ok-line', weak: 'bg-weak-line', bad: 'bg-bad-line' };

export function Progress({ value, label, tone = 'accent', className }: { value: number | null; label: string; tone?: keyof typeof tones; className?: string }) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <Radix.Root value={percent} aria-label={label} className={classNames('h-1 w-full overflow-hidden rounded-full bg-line', className)}>
      <Radix.Indicator className={classNames('h-full rounded-full transition-[width] duration-200', tones[tone], percent === null && 'animate-breathe')} style={{ width: `${percent ?? unknownPercent}%` }} />
    </Radix.Root>
  );
}
