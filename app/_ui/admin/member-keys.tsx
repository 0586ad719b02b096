/** The API keys of all members, those that work first: whose, for what, last used when; an admin may revoke each. */
'use client';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import type { MemberKeyRow } from '#lib/keys/types.ts';
import { memberKeyRow } from '../client/schemas/keys.ts';
import { useList } from '../client/use-list.ts';
import { KeyTimes } from '../keys/key-item.tsx';
import { scopeWords } from '../keys/key-words.ts';
import { RevokeKey } from '../keys/revoke-key.tsx';
import { Avatar } from '../primitives/avatar.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { FilterField } from '../primitives/filter-field.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';

export function MemberKeys() {
  const { items, error, reload, hasMore, loadMore, loadingMore } = useList('/api/member-keys?limit=200', memberKeyRow);
  const [words, setWords] = useState('');
  const sought = words.trim().toLowerCase();
  const shown = items?.filter(({ name, member }) => `${name} ${member.name} ${member.email}`.toLowerCase().includes(sought));
  return (
    <div className="grid gap-6">
      <PageHeader title="API keys" description="What members gave to programs so that these may ask and search as them. A key has its member's rights and no more; it ends with them, and every use of it is on record." />
      {error !== null && <ErrorNote error={error} onRetry={reload} />}
      {error === null && items === undefined && <SkeletonLines lines={6} label="Loading keys" />}
      {items?.length === 0 && <EmptyState icon={KeyRound} title="Nobody has made a key">Members make keys for themselves, in the menu under their name.</EmptyState>}
      {items !== undefined && shown !== undefined && items.length > 0 && (
        <div className="grid gap-3">
          <FilterField label="Find a key or member" value={words} onValueChange={setWords} className="md:max-w-80" />
          <MemberKeyList label="API keys of members" items={shown.filter(({ state }) => state === 'active')} />
          <PastKeys items={shown.filter(({ state }) => state !== 'active')} />
          {shown.length === 0 && (
            <EmptyState title={`No key fits “${words.trim()}”`} action={<Button onClick={() => setWords('')}>Show all</Button>}>
              Names of keys, and names and addresses of members are searched here.
            </EmptyState>
          )}
          {hasMore && <Button className="justify-self-start" disabled={loadingMore} onClick={loadMore}>Show more</Button>}
        </div>
      )}
    </div>
  );
}

function MemberKeyList({ label, items }: { label: string; items: MemberKeyRow[] }) {
  if (items.length === 0) return null;
  return (
    <ul aria-label={label} className="divide-y divide-line-soft border-y border-line-soft">
      {items.map((item) => <MemberKey key={item.id} item={item} />)}
    </ul>
  );
}

/** Kept for a while, so that a later use of them can be told; of little interest until then. */
function PastKeys({ items }: { items: MemberKeyRow[] }) {
  if (items.length === 0) return null;
  return (
    <details className="mt-3">
      <summary className="cursor-default rounded-md text-sm text-ink-2 hover:text-ink">Keys that no longer work ({items.length})</summary>
      <div className="mt-2"><MemberKeyList label="Keys that no longer work" items={items} /></div>
    </details>
  );
}

function MemberKey({ item }: { item: MemberKeyRow }) {
  const { member } = item;
  return (
    <li className="flex items-center gap-3 py-3">
      <Avatar name={member.name} className="max-sm:self-start" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span dir="auto" className="font-medium" title={member.email}>{member.name}</span>
          <span dir="auto" className="min-w-0 break-words text-ink-2">{item.name}</span>
          {member.disabled && <Badge tone="bad">member disabled</Badge>}
          {item.state === 'active' && item.scopes.map((scope) => <Badge key={scope} tone="outline" shape="pill">{scopeWords[scope].badge}</Badge>)}
          {item.state !== 'active' && <Badge tone={item.state === 'revoked' ? 'bad' : 'weak'}>{item.state}</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
          <span className="font-mono text-xs leading-5">{item.prefix}…</span>
          <KeyTimes item={item} />
        </p>
      </div>
      {item.state === 'active' && <RevokeKey item={item} owner={member.name} changes={['/api/member-keys', '/api/keys']} />}
    </li>
  );
}
