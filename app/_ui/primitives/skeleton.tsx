/** Grey bars where something is on its way. Invisible for the first 150 ms, so that fast answers do not flicker. */
import { classNames } from './class-names.ts';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('h-4 animate-late rounded-md bg-hover', className)} />;
}

const widths = ['w-11/12', 'w-4/5', 'w-10/12', 'w-3/5', 'w-9/12'];

/** Several lines, and words for screen readers. */
export function SkeletonLines({ lines = 4, label = 'Loading', className }: { lines?: number; label?: string; className?: string }) {
  return (
    <div role="status" className={classNames('grid gap-3', className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} className={widths[line % widths.length] ?? 'w-full'} />
      ))}
    </div>
  );
}
