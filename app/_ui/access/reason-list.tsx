/** Every reason why somebody may read something, with the way through groups where there is one. */
import { ChevronRight, User, Users } from 'lucide-react';
import { Fragment } from 'react';
import type { Reason } from '#lib/access/types.ts';
import { reasonInWords, wayThrough } from './reason-words.ts';

export function ReasonList({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <ul className="grid gap-1.5">
      {reasons.map((reason) => (
        <li key={reason.grantId} className="flex gap-2 text-sm text-ink-2">
          <ReasonIcon reason={reason} />
          <div className="min-w-0">
            <p className="break-words">{reasonInWords(reason)}</p>
            <Way groups={wayThrough(reason)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function ReasonIcon({ reason }: { reason: Reason }) {
  const Icon = reason.to.kind === 'group' ? Users : User;
  return <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0 stroke-[1.6] text-ink-3" />;
}

function Way({ groups }: { groups: readonly string[] }) {
  if (groups.length === 0) return null;
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-1 gap-y-0.5 text-xs text-ink-3">
      <span>In</span>
      {groups.map((name, index) => (
        <Fragment key={name}>
          {index > 0 && <><ChevronRight aria-hidden className="size-3" /><span className="sr-only">which is in</span></>}
          <span dir="auto" className="max-w-48 truncate rounded bg-hover px-1.5 py-px text-ink-2" title={name}>{name}</span>
        </Fragment>
      ))}
    </p>
  );
}
