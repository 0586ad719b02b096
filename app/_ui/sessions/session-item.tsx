/** One session in a list: the device, who signed it in, when it was used and when it ends; ending it. */
'use client';
import { Monitor, Smartphone } from 'lucide-react';
import type { ReactNode } from 'react';
import type { SessionRow } from '#lib/members/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';

const handheld = /iPhone|iPad|Android/;

export function SessionItem({ session, action }: { session: SessionRow; action: ReactNode }) {
  const Icon = handheld.test(session.device) ? Smartphone : Monitor;
  const device = session.device === '' ? 'A browser that gave no name' : session.device;
  return (
    <li className="flex items-center gap-3 py-3">
      <Icon aria-hidden className="size-5 shrink-0 self-start stroke-[1.5] text-ink-3 sm:self-center" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{device}</span>
          {session.current && <Badge tone="ok">This browser</Badge>}
        </p>
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-ink-3">
          <span>Used <TimeAgo at={session.lastUsedAt} focusable /></span>
          <span>Signed in <TimeAgo at={session.createdAt} focusable />{session.provider === null ? '' : <> with <span dir="auto">{session.provider}</span></>}</span>
          <span>Ends <TimeAgo at={session.expiresAt} focusable /></span>
        </p>
      </div>
      {action}
    </li>
  );
}
