/** The browsers in which the member is signed in. Ending one takes effect with that browser's next request. */
'use client';
import { Monitor } from 'lucide-react';
import type { SessionRow } from '#lib/members/types.ts';
import { sessionRow } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { useList } from '../client/use-list.ts';
import { signOut } from '../frame/sign-out.ts';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';

export function Sessions() {
  const { items, error, reload } = useList('/api/sessions', sessionRow);
  return (
    <div className="max-w-[46rem]">
      <PageHeader title="Where you are signed in" description="Each browser in which you signed in and have not signed out. A session ends by itself twelve hours after signing in." />
      <div className="mt-6">
        {error !== null && <ErrorNote error={error} onRetry={reload} />}
        {error === null && items === undefined && <SkeletonLines label="Loading your sessions" />}
        {items !== undefined && (
          <ul className="divide-y divide-line-soft border-y border-line-soft">
            {items.map((session) => (
              <SessionItem key={session.id} session={session} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function SessionItem({ session }: { session: SessionRow }) {
  const { act, busy } = useAct();
  const end = (): void => void act({ path: `/api/sessions/${session.id}`, method: 'DELETE', done: 'Session ended', changes: ['/api/sessions'] });
  return (
    <li className="flex items-center gap-3 py-3">
      <Monitor aria-hidden className="size-5 shrink-0 stroke-[1.5] text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          Signed in <TimeAgo at={session.createdAt} focusable />
          {session.current && <Badge tone="ok">This browser</Badge>}
        </p>
        <p className="text-sm text-ink-3">
          Ends <TimeAgo at={session.expiresAt} focusable />
        </p>
      </div>
      {session.current ? (
        <Button onClick={() => void signOut()}>Sign out</Button>
      ) : (
        <Button disabled={busy} onClick={end}>
          End session
        </Button>
      )}
    </li>
  );
}
