/** The turns of a conversation, the newest with room below it so that its answer can grow without moving anything. */
'use client';
import { ArrowDown } from 'lucide-react';
import { useLayoutEffect } from 'react';
import { Button } from '../primitives/button.tsx';
import { Skeleton, SkeletonLines } from '../primitives/skeleton.tsx';
import type { TurnView } from './turn-view.ts';
import { Turn } from './turn.tsx';
import { isRunning } from './turn-view.ts';
import { useStickToEnd } from './use-stick-to-end.ts';

const column = 'mx-auto w-full max-w-[46rem] px-5 md:px-8';

export function Thread({ conversationId, turns }: { conversationId: string | null; turns: TurnView[] }) {
  const { box, content, below, toEnd, toTopOf } = useStickToEnd();
  const running = turns.some(isRunning);
  // A new question, and another conversation, begin with the newest question at the top.
  useLayoutEffect(() => {
    const newest = content.current?.lastElementChild;
    if (newest) toTopOf(newest);
  }, [content, toTopOf, turns.length, conversationId]);
  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} className="@container-[size] h-full overflow-y-auto overscroll-contain [overflow-anchor:none]">
        <div ref={content} className={column}>
          {turns.map((turn, index) => (
            <Turn key={turn.id ?? 'sending'} turn={turn} index={index} last={index === turns.length - 1} />
          ))}
        </div>
      </div>
      {below && running && (
        <Button size="sm" className="absolute bottom-2 left-1/2 -translate-x-1/2 animate-enter rounded-full shadow-float" onClick={() => toEnd(true)}>
          New text below <ArrowDown />
        </Button>
      )}
    </div>
  );
}

export function ThreadSkeleton() {
  return (
    <div className="min-h-0 flex-1">
      <div className={`${column} pt-8`}>
        <Skeleton className="mb-3 h-6 w-3/4" />
        <Skeleton className="mb-7 h-3 w-64" />
        <SkeletonLines lines={5} label="Loading the conversation" />
      </div>
    </div>
  );
}
