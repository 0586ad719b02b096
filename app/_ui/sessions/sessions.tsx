/** The browsers in which the member is signed in. Ending one takes effect with that browser's next request. */
'use client';
import { useState } from 'react';
import type { SessionRow } from '#lib/members/types.ts';
import { sessionRow } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { useList } from '../client/use-list.ts';
import { signOut } from '../frame/sign-out.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { SessionItem } from './session-item.tsx';
import { spanInWords } from './session-words.ts';

const changes = ['/api/sessions'];

/** `hours` and `idleMinutes`: how long a session lasts, and unused. */
export function Sessions({ hours, idleMinutes }: { hours: number; idleMinutes: number }) {
  const { items, error, reload } = useList('/api/sessions', sessionRow);
  return (
    <div className="max-w-[46rem]">
      <PageHeader
        title="Where you are signed in"
        description={`Each browser in which you signed in and have not signed out. A session ends by itself ${spanInWords(hours * 60)} after signing in, or when nobody uses it for ${spanInWords(idleMinutes)}.`}
        actions={items !== undefined && items.length > 1 ? <EndOthers count={items.length - 1} /> : undefined}
      />
      <div className="mt-6">
        {error !== null && <ErrorNote error={error} onRetry={reload} />}
        {error === null && items === undefined && <SkeletonLines label="Loading your sessions" />}
        {items !== undefined && (
          <ul aria-label="Your sessions" className="divide-y divide-line-soft border-y border-line-soft">
            {items.map((session) => (
              <SessionItem key={session.id} session={session} action={session.current ? <Button onClick={() => void signOut()}>Sign out</Button> : <EndSession session={session} />} />
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function EndSession({ session }: { session: SessionRow }) {
  const { act, busy } = useAct();
  const end = (): void => void act({ path: `/api/sessions/${session.id}`, method: 'DELETE', done: 'Session ended', changes });
  return (
    <Button disabled={busy} onClick={end} aria-label={`End the session in ${session.device || 'a browser that gave no name'}`}>
      End
    </Button>
  );
}

function EndOthers({ count }: { count: number }) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  return (
    <>
      <Button onClick={() => setAsking(true)}>End all others</Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        busy={busy}
        title={count === 1 ? 'End the other session?' : `End the ${count} other sessions?`}
        description="Whoever uses those browsers has to sign in again. This browser stays signed in."
        action={count === 1 ? 'End session' : 'End sessions'}
        onConfirm={() => { setAsking(false); void act({ path: '/api/sessions', method: 'DELETE', done: 'The other sessions have ended', changes }); }}
      />
    </>
  );
}
