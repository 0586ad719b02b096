/** How the log is signed, in a line: the last checkpoint and its root, when it was compared, the verifier key; and what is wrong, in words. */
'use client';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import type { LogState } from '#lib/audit/types.ts';
import { logState } from '../client/schemas/audit.ts';
import { useData } from '../client/use-data.ts';
import { Button } from '../primitives/button.tsx';
import { Notice } from '../primitives/notice.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '../primitives/popover.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { CopyLine } from '../provisioning/copy-line.tsx';

const everyMs = 20_000;
const shortRoot = 12;

export function LogLine() {
  const { data: log } = useData('/api/audit/log', logState, { everyMs });
  if (log === undefined) return <p className="h-7 text-sm text-ink-3">Reading how the log is signed</p>;
  return (
    <div className="grid gap-2">
      {log.sentence !== null && <Notice tone={log.state === 'stopped' ? 'bad' : 'weak'}>{log.sentence}</Notice>}
      <div className="flex items-start gap-2 text-sm text-ink-2">
        {log.sentence === null ? <ShieldCheck aria-hidden className="mt-1.5 size-4 shrink-0 text-ok max-sm:mt-0.5" /> : <ShieldAlert aria-hidden className="mt-1.5 size-4 shrink-0 text-weak max-sm:mt-0.5" />}
        <div className="flex min-w-0 flex-wrap items-center gap-x-1 gap-y-0.5">
          <LastCheckpoint log={log} />
          <Details log={log} />
        </div>
      </div>
    </div>
  );
}

function LastCheckpoint({ log: { checkpoint, checkedAt, state } }: { log: LogState }) {
  if (checkpoint === null) return <p className="min-w-0">No record is signed yet; the first checkpoint comes within a minute.</p>;
  return (
    <p className="min-w-0">
      Signed up to record {(checkpoint.size - 1).toLocaleString('en')}, <TimeAgo at={checkpoint.signedAt} focusable />, root <code className="font-mono text-xs">{checkpoint.root.slice(0, shortRoot)}</code>
      {state === 'signed' && checkedAt !== null && <>; compared with the file outside the database <TimeAgo at={checkedAt} focusable />, and they agree</>}
    </p>
  );
}

function Details({ log: { checkpoint, unsigned, verifierKeys } }: { log: LogState }) {
  if (checkpoint === null) return null;
  const [current, ...former] = verifierKeys;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="sm" className="max-sm:-ml-2">Root and verifier key</Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Root and verifier key" className="grid w-[30rem] gap-3" align="start">
        <div>
          <p className="mb-1 font-medium">Root of {checkpoint.size.toLocaleString('en')} records</p>
          <CopyLine label="root" text={checkpoint.root} />
        </div>
        {current !== undefined && (
          <div>
            <p className="mb-1 font-medium">Verifier key</p>
            <CopyLine label="verifier key" text={current} />
            <p className="text-xs text-ink-3">Keep it where nobody who runs this installation can change it. An export verifies with it alone: npx attest-verify.</p>
          </div>
        )}
        {former.length > 0 && (
          <div>
            <p className="mb-1 font-medium">Former keys, newest first</p>
            {former.map((key) => <code key={key} className="block font-mono text-xs break-all text-ink-2 select-all">{key}</code>)}
          </div>
        )}
        <p className="text-ink-2">{unsigned === 0 ? 'Every record is signed.' : `${unsigned === 1 ? '1 record has' : `${unsigned.toLocaleString('en')} records have`} come since and will be signed within a minute.`}</p>
      </PopoverContent>
    </Popover>
  );
}
