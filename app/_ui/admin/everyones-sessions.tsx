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
  return (
    <div className="grid gap-6">
      <PageHeader title="Sessions" description="Every browser in which somebody is signed in. One that you end is asked to sign in again at its next request; what the person may see does not change." />
      {error !== null && <ErrorNote error={error} onRetry={reload} />}
      <div className="grid gap-3">
        <FilterField label="Find a member" value={words} onValueChange={setWords} className="md:max-w-80" />
        {error === null && items === undefined && <SkeletonLines lines={6} label="Loading sessions" />}
        {items !== undefined && items.length > 0 && (
          <ul aria-label="Sessions of members" className="border-b border-line-soft">
            {Object.values(Object.groupBy(items, (session) => session.member.id)).map((sessions) => sessions !== undefined && <MemberSessions key={sessions[0]?.member.id} sessions={sessions} />)}
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

/** One member: who, and each of their sessions below. */
function MemberSessions({ sessions }: { sessions: SessionRow[] }) {
  const member = sessions[0]?.member;
  if (member === undefined) return null;
  const own = sessions.some((session) => session.current);
  const endable = sessions.filter((session) => !session.current).length;
  return (
    <li className="border-t border-line-soft pt-3 pb-1">
      <div className="flex items-center gap-3">
        <Avatar name={member.name} />
        <div className="min-w-0 flex-1">
          <p className="flex items-center gap-2">
            <span dir="auto" className="truncate font-medium">{member.name}</span>
            {own && <span className="shrink-0 text-ink-3">you</span>}
          </p>
          <p className="truncate text-xs text-ink-3">{member.email}</p>
        </div>
        {endable > 1 && (
          <Ending
            label={own ? `End the ${endable} others` : `End all ${endable}`}
            name={own ? `End the ${endable} others of ${member.name}` : `End all ${endable} sessions of ${member.name}`}
            title={own ? `End your ${endable} other sessions?` : `Sign ${member.name} out everywhere?`}
            action="End all sessions"
            path={`/api/members/${member.id}/sessions`}
            done={own ? 'The other sessions have ended' : `${member.name} is signed out everywhere`}
          />
        )}
      </div>
      <ul aria-label={`Sessions of ${member.name}`} className="mt-1 divide-y divide-line-soft sm:ml-9">
        {sessions.toSorted((one, other) => Number(other.current) - Number(one.current) || other.lastUsedAt.localeCompare(one.lastUsedAt)).map((session) => (
          <SessionItem
            key={session.id}
            session={session}
            action={session.current ? null : <Ending label="End" name={`End the session of ${member.name} in ${session.device || 'a browser'}`} title={`End this session of ${member.name}?`} action="End session" path={`/api/sessions/${session.id}`} done="Session ended" />}
          />
        ))}
      </ul>
    </li>
  );
}

interface EndingProps {
  label: string;
  /** The button's name for screen readers. */
  name: string;
  title: string;
  action: string;
  path: string;
  done: string;
}

function Ending({ label, name, title, action, path, done }: EndingProps) {
  const [asking, setAsking] = useState(false);
  const { act, busy } = useAct();
  return (
    <>
      <Button disabled={busy} onClick={() => setAsking(true)} aria-label={name}>{label}</Button>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={title}
        description="They may sign in again at once, if their account at the identity provider still lets them. To keep somebody out, disable them among the members."
        action={action}
        onConfirm={() => { setAsking(false); void act({ path, method: 'DELETE', done, changes }); }}
      />
    </>
  );
}
