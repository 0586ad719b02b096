/** A person's initials. Decoration only: the name always stands beside it or names the control. */
import { classNames } from './class-names.ts';

/** First letters of the first and last word of a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toLocaleUpperCase();
}

export function Avatar({ name, className }: { name: string; className?: string }) {
  return (
    <span aria-hidden className={classNames('inline-grid size-[26px] shrink-0 place-items-center rounded-full bg-accent-soft text-[11px] font-semibold text-accent', className)}>
      {initials(name)}
    </span>
  );
}
