/** One API key in a list: what it is for, what it may do, when it was used and when it ends; revoking it. */
'use client';
import { KeyRound } from 'lucide-react';
import type { KeyRow } from '#lib/keys/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { scopeWords } from './key-words.ts';
import { RevokeKey } from './revoke-key.tsx';

export function KeyItem({ item }: { item: KeyRow }) {
  return (
    <li className="flex items-center gap-3 py-3">
      <KeyRound aria-hidden className="size-5 shrink-0 self-start stroke-[1.5] text-ink-3 sm:self-center" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span dir="auto" className="min-w-0 font-medium break-words">{item.name}</span>
          {item.state === 'active' && item.scopes.map((scope) => <Badge key={scope} tone="outline" shape="pill">{scopeWords[scope].badge}</Badge>)}
          {item.state === 'revoked' && <Badge tone="bad">revoked</Badge>}
          {item.state === 'ended' && <Badge tone="weak">ended</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
          <span className="font-mono text-xs leading-5">{item.prefix}…</span>
          <KeyTimes item={item} />
        </p>
      </div>
      {item.state === 'active' && <RevokeKey item={item} changes={['/api/keys']} />}
    </li>
  );
}

/** "Last used 5 minutes ago, ends in 3 months" */
export function KeyTimes({ item }: { item: KeyRow }) {
  return (
    <>
      <span>{item.lastUsedAt === null ? 'Never used' : <>Last used <TimeAgo at={item.lastUsedAt} focusable /></>}</span>
      <span>
        {item.revokedAt !== null ? <>Revoked <TimeAgo at={item.revokedAt} focusable /></> : <>{item.state === 'ended' ? 'Ended' : 'Ends'} <TimeAgo at={item.expiresAt} focusable /></>}
      </span>
    </>
  );
}
