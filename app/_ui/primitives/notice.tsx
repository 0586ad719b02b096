/** A quiet band with something to know about what follows: an icon, words, perhaps an action. */
import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

const tones = {
  neutral: { look: 'bg-hover/70', icon: Info, colour: 'text-ink-3' },
  ok: { look: 'bg-ok-soft', icon: CircleCheck, colour: 'text-ok' },
  weak: { look: 'bg-weak-soft', icon: TriangleAlert, colour: 'text-weak' },
  bad: { look: 'bg-bad-soft', icon: CircleX, colour: 'text-bad' },
};

export function Notice({ tone = 'neutral', action, className, children }: { tone?: keyof typeof tones; action?: ReactNode; className?: string; children: ReactNode }) {
  const { look, icon: Icon, colour } = tones[tone];
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'} className={classNames('flex flex-wrap gap-2.5 rounded-lg px-3 py-2.5 text-sm', look, className)}>
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', colour)} />
      {/* Wide enough for words; an action that does not fit beside them goes below. */}
      <div className="min-w-0 flex-1 basis-[min(15rem,calc(100%-2rem))]">{children}</div>
      {action}
    </div>
  );
}
