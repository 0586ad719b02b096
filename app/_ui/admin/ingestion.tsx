/** Ingestion: what is being read, what waits, what failed and why. Read again every few seconds while something is under way. */
'use client';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import { versionStates, type VersionState } from '#lib/documents/types.ts';
import { ingestionOverview } from '../client/schemas/ingestion.ts';
import { useData } from '../client/use-data.ts';
import { classNames } from '../primitives/class-names.ts';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { Switch } from '../primitives/switch.tsx';
import { FailedVersions } from './failed-versions.tsx';
import { VersionsUnderWay } from './versions-under-way.tsx';

const readEveryMs = 3_000;
const countWords: Record<VersionState, string> = { waiting: 'Waiting', parsing: 'Being read', embedding: 'Being embedded', ready: 'Ready', failed: 'Failed' };

/** Zeros stand back, so that what is there stands out. */
function tone(state: VersionState, count: number): string {
  if (count === 0) return 'text-ink-3';
  return state === 'failed' ? 'text-bad' : '';
}

export function Ingestion() {
  const [quiet, setQuiet] = useState(false);
  const { data, error, reload } = useData('/api/ingestion', ingestionOverview, { everyMs: quiet ? null : readEveryMs });
  return (
    <div className="grid gap-8">
      <PageHeader
        title="Ingestion"
        description="Uploaded files are read, split into passages and indexed in the background. A document is searched once all of it is ready."
        actions={
          <label className="flex items-center gap-2 text-sm text-ink-2">
            <Switch checked={!quiet} onCheckedChange={(on) => setQuiet(!on)} /> Keep up to date
          </label>
        }
      />
      {error !== null && <ErrorNote error={error} onRetry={reload} />}
      {data === undefined && error === null && <SkeletonLines lines={6} />}
      {data !== undefined && (
        <>
          <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line-soft bg-line-soft sm:grid-cols-5">
            {versionStates.map((state) => (
              <div key={state} className="flex flex-col-reverse bg-bg px-4 py-3 max-sm:last:col-span-2">
                <dt className="text-xs text-ink-3">{countWords[state]}</dt>
                <dd className={classNames('text-xl font-semibold tabular', tone(state, data.counts[state]))}>{data.counts[state].toLocaleString('en')}</dd>
              </div>
            ))}
          </dl>
          {data.failed.length > 0 && <FailedVersions rows={data.failed} />}
          {data.items.length > 0 && <VersionsUnderWay rows={data.items} />}
          {data.items.length === 0 && data.failed.length === 0 && (
            <EmptyState icon={CircleCheck} title="Nothing waits and nothing failed">Files appear here from their upload until they are ready.</EmptyState>
          )}
        </>
      )}
    </div>
  );
}
