/** The product's mark and name. */
import { classNames } from '../primitives/class-names.ts';

export function BrandMark({ className }: { className?: string }) {
  return (
    <span aria-hidden className={classNames('grid size-[18px] shrink-0 place-items-center rounded-[5px] bg-ink font-mono text-[11px] leading-none font-semibold text-bg', className)}>
      A
    </span>
  );
}
