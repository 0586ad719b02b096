/** Before the first question: what can be asked about, and questions to begin with. */
'use client';
import { CornerDownLeft } from 'lucide-react';
import Link from 'next/link.js';
import { useState } from 'react';
import { examples as examplesSchema } from '../client/schemas/conversations.ts';
import { profile as profileSchema } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';
import { BrandMark } from '../frame/brand.tsx';
import { describeReach } from '../frame/person-menu.tsx';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { Skeleton } from '../primitives/skeleton.tsx';
import { useAsk } from './ask-context.ts';

const examplesAtFirst = 6;

export function EmptyAsk() {
  const { data: profile, error } = useData('/api/profile', profileSchema);
  return (
    <div className="mx-auto mt-auto w-full max-w-[46rem] px-5 pt-10 pb-5 md:px-8">
      <p className="flex items-center gap-2 text-sm font-medium text-ink-2">
        <BrandMark /> Attest
      </p>
      <h1 className="mt-4 text-[26px] leading-8 font-semibold tracking-[-0.022em]">What do you want to know?</h1>
      <div className="mt-1.5 min-h-[21px] text-base text-ink-2">
        {profile === undefined && error === null && <Skeleton className="mt-1 w-72" />}
        {profile !== undefined && profile.documents > 0 && <p>You can ask about {describeReach(profile)}.</p>}
        {profile !== undefined && profile.documents === 0 && (
          <p>
            There is no document you may read yet. <Link href="/library" className="text-accent underline underline-offset-2">Open the library</Link> to add some, or ask an administrator for access.
          </p>
        )}
      </div>
    </div>
  );
}

export function Examples() {
  const { data, error } = useData('/api/examples', examplesSchema);
  const { ask } = useAsk();
  const [all, setAll] = useState(false);
  const examples = data?.items ?? [];
  const shown = all ? examples : examples.slice(0, examplesAtFirst);
  // Their room is kept while they are read, so that nothing moves when they come.
  const reading = data === undefined && error === null;
  if (shown.length === 0) return <div className={classNames('mb-auto shrink-0', reading ? 'h-[19rem]' : 'h-[12vh]')} />;
  return (
    <section aria-label="Example questions" className="mx-auto mb-auto min-h-[19rem] w-full max-w-[46rem] shrink-0 px-4 pb-10 md:px-7">
      <h2 className="mt-4 mb-1.5 px-1 text-xs font-medium tracking-normal text-ink-3">To begin with</h2>
      <ul className="grid animate-enter sm:grid-cols-2 sm:gap-x-8">
        {shown.map(({ question }) => (
          <li key={question} className="border-t border-line-soft">
            <button type="button" onClick={() => ask(question)} className="group flex w-full items-start gap-3 rounded-md px-1 py-3 text-left text-sm text-pretty text-ink-2 hover:text-ink">
              <span dir="auto" className="flex-1">
                {question}
              </span>
              <CornerDownLeft aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ink-3 opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100" />
            </button>
          </li>
        ))}
      </ul>
      {shown.length < examples.length && (
        <Button variant="quiet" size="sm" className="mt-1 -ml-1 font-normal" onClick={() => setAll(true)}>
          {examples.length - shown.length} more examples
        </Button>
      )}
    </section>
  );
}
