/** Versions between upload and ready, longest waiting first. */
import Link from 'next/link.js';
import type { IngestionRow } from '#lib/documents/types.ts';
import { versionInWords, versionProgress } from '../library/version-words.ts';
import { FileIcon } from '../primitives/file-icon.tsx';
import { Progress } from '../primitives/progress.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';

export function VersionsUnderWay({ rows }: { rows: IngestionRow[] }) {
  return (
    <section className="grid gap-2">
      <h2 className="text-base font-medium tracking-normal">Under way</h2>
      <ul className="divide-y divide-line-soft border-y border-line-soft">
        {rows.map((row) => (
          <li key={row.version.id} className="grid gap-x-6 gap-y-1.5 py-3 text-sm sm:grid-cols-[minmax(0,1fr)_16rem]">
            <div className="flex min-w-0 gap-3">
              <FileIcon format={row.version.format} className="mt-0.5" />
              <p className="min-w-0 truncate">
                <Link href={`/library/documents/${row.documentId}`} className="font-medium hover:underline">{row.documentTitle}</Link>
                <span className="text-ink-3"> in {row.collectionName}</span>
              </p>
            </div>
            <div className="grid content-center gap-1">
              <Progress value={versionProgress(row.version)} label={`Ingestion of ${row.documentTitle}`} />
              <p className="text-xs text-ink-2">{versionInWords(row.version)}, uploaded <TimeAgo at={row.version.createdAt} /></p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
