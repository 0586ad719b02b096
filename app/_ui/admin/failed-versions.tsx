/** Versions that could not be read, with the reason in words and a second try. */
'use client';
import { RotateCw } from 'lucide-react';
import Link from 'next/link.js';
import type { IngestionRow } from '#lib/documents/types.ts';
import { Button } from '../primitives/button.tsx';
import { FileIcon } from '../primitives/file-icon.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { useAct } from '../client/use-act.ts';

export function FailedVersions({ rows }: { rows: IngestionRow[] }) {
  return (
    <section className="grid gap-2">
      <h2 className="text-base font-medium tracking-normal">Failed</h2>
      <ul className="divide-y divide-line-soft border-y border-line-soft">
        {rows.map((row) => (
          <FailedLine key={row.version.id} row={row} />
        ))}
      </ul>
    </section>
  );
}

function FailedLine({ row }: { row: IngestionRow }) {
  const { act, busy } = useAct();
  const retry = () =>
    act({ path: `/api/documents/${row.documentId}/versions/${row.version.id}/retry`, method: 'POST', done: `${row.documentTitle} is read again`, changes: ['/api/ingestion'] });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 text-sm">
      <FileIcon format={row.version.format} className="mt-0.5" />
      <div className="min-w-0 flex-1 basis-64">
        <Link href={`/library/documents/${row.documentId}`} className="font-medium hover:underline">{row.documentTitle}</Link>
        <span className="text-ink-3"> in {row.collectionName}, <TimeAgo at={row.version.createdAt} /></span>
        <p className="text-bad">{row.version.problem?.detail ?? 'It could not be read.'}</p>
      </div>
      <Button size="sm" disabled={busy} onClick={() => void retry()}><RotateCw /> Try again</Button>
    </li>
  );
}
