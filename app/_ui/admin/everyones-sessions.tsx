/** Where everybody is signed in. An admin may end one session, or all of a member's. */
'use client';
import { useDeferredValue, useState } from 'react';
import type { SessionRow } from '#lib/members/types.ts';
import { sessionRow } from '../client/schemas/people.ts';
import { useAct } from '../client/use-act.ts';
import { useList } from '../client/use-list.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Avatar } from '../primitives/avatar.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { FilterField } from '../primitives/filter-field.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { SessionItem } from '../sessions/session-item.tsx';

const changes = ['/api/sessions'];

export function EveryonesSessions() {
  const [words, setWords] = useState('');
  const sought = useDeferredValue(words.trim());
  const { items, error, reload, hasMore, loadMore, loadingMore } = useList(`/api/sessions/everyone?limit=100${sought === '' ? '' : `&q=${encodeURIComponent(sought)}`}`, sessionRow);
  const first = (session: SessionRow, index: number): boolean => items?.[index - 1]?.member.id !== session.member.id;
  const count = (session: SessionRow): number => items?.filter((each) => each.member.id === session.member.id).length ?? 0;
  return (
    <div className="grid gap-6">
      <PageHeader title="Sessions" description="Every browser in which somebody is signed in. One that you end is asked to sign in again at its next request; what the person may see does not change." />
      {error !== null && <ErrorNote error={error} onRetry={reload} />}
      <div className="grid gap-3">
        <FilterField label="Find a member" value={words} onValueChange={setWords} className="md:max-w-80" />
        {error === null && items === undefined && <SkeletonLines lines={6} label="Loading sessions" />}
        {items !== undefined && items.length > 0 && (
          <ul aria-label="Sessions of members" className="divide-y divide-line-soft border-y border-line-soft">
            {items.map((session, index) => (
              <SessionItem
                key={session.id}
                session={session}
                lead={<Avatar name={session.member.name} className="max-sm:self-start" />}
                title={<span dir="auto" className="font-medium" title={session.member.email}>{session.member.name}</span>}
                action={<Endings session={session} others={first(session, index) ? count(session) : 1} />}
              />
            ))}
          </ul>
        )}
        {items?.length === 0 && (
          <EmptyState title={`Nobody called “${sought}” is signed in`} action={<Button onClick={() => setWords('')}>Show all</Button>}>
            Names and addresses are searched here.
          </EmptyState>
        )}
        {hasMore && <Button className="justify-self-start" disabled={loadingMore} onClick={loadMore}>Show more</Button>}
      </div>
    </div>
  );
}

function Endings({ session, others }: { session: SessionRow; others: number }) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  const { member } = session;
  if (session.current) return null;
  const all = others > 1;
  const end = (): void => {
    setAsking(false);
    if (all) void act({ path: `/api/members/${member.id}/sessions`, method: 'DELETE', done: `${member.name} is signed out everywhere`, changes });
    else void act({ path: `/api/sessions/${session.id}`, method: 'DELETE', done: 'Session ended', changes });
  };
  return (
    <>
      <Button disabled={busy} onClick={() => setAsking(true)} aria-label={all ? `End all ${others} sessions of ${member.name}` : `End the session of ${member.name} in ${session.device || 'a browser'}`}>
        {all ? `End all ${others}` : 'End'}
      </Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={all ? `Sign ${member.name} out everywhere?` : `End this session of ${member.name}?`}
        description="They may sign in again at once, if their account at the identity provider still lets them. To keep somebody out, disable them among the members."
        action={all ? 'End all sessions' : 'End session'}
        onConfirm={end}
      />
    </>
  );
}
