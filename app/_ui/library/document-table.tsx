/** Documents as a dense table; on a phone each row keeps its title, its state and its size in two lines. */
'use client';
import Link from 'next/link.js';
import type { DocumentRow } from '#lib/documents/types.ts';
import { bytesInWords } from '../primitives/bytes-in-words.ts';
import { FileIcon, formatLabel } from '../primitives/file-icon.tsx';
import { Progress } from '../primitives/progress.tsx';
import { StateWords } from '../primitives/state-words.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { DocumentMenu } from './document-menu.tsx';
import { useLiveVersions } from './use-live-versions.ts';
import { isUnderWay, versionInWords, versionProgress, versionTone } from './version-words.ts';

export function DocumentTable({ rows }: { rows: DocumentRow[] }) {
  const live = useLiveVersions(rows);
  // Names of people are known to admins and compliance alone.
  const named = live.some((row) => row.createdByName !== null);
  return (
    <Table label="Documents" boxClassName="-mx-4 overflow-visible">
      <TableHead>
        <tr>
          <TableHeader>Document</TableHeader>
          <TableHeader className="w-20 max-md:hidden">Version</TableHeader>
          <TableHeader className="w-16 text-right max-lg:hidden">Pages</TableHeader>
          <TableHeader className="w-24 text-right max-lg:hidden">Size</TableHeader>
          <TableHeader className="w-52 max-md:hidden">State</TableHeader>
          <TableHeader className="w-32 max-lg:hidden">Changed</TableHeader>
          {named && <TableHeader className="w-36 max-xl:hidden">Uploaded by</TableHeader>}
          <TableHeader className="w-12"><span className="sr-only">Actions</span></TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {live.map((row) => (
          <DocumentLine key={row.id} row={row} named={named} />
        ))}
      </TableBody>
    </Table>
  );
}

function DocumentLine({ row, named }: { row: DocumentRow; named: boolean }) {
  const { version } = row;
  return (
    <TableRow className="relative">
      <TableCell className="max-w-0 py-2">
        <div className="flex gap-2.5">
          <FileIcon format={row.format} className="mt-0.5" />
          <div className="min-w-0 flex-1">
            <Link href={`/library/documents/${row.id}`} prefetch={false} dir="auto" title={row.title} className="block truncate font-medium after:absolute after:inset-0 hover:underline max-md:line-clamp-2 max-md:break-words max-md:whitespace-normal">
              {row.title}
            </Link>
            {version.state === 'failed' && <p className="mt-0.5 text-xs break-words text-bad">{version.problem?.detail ?? 'It could not be read.'}</p>}
            <p className="mt-1 flex flex-wrap items-baseline gap-x-3 gap-y-0.5 text-xs text-ink-3 md:hidden">
              <StateWords tone={versionTone(version)} moving={isUnderWay(version)}>{versionInWords(version)}</StateWords>
              <span>{formatLabel(row.format)}, {bytesInWords(row.bytes)}</span>
            </p>
          </div>
        </div>
      </TableCell>
      <TableCell className="whitespace-nowrap max-md:hidden">
        {version.number}
        {row.currentVersion !== null && row.currentVersion !== version.number && <span className="text-ink-3"> ({row.currentVersion} in use)</span>}
      </TableCell>
      <TableCell className="text-right tabular-nums text-ink-2 max-lg:hidden">{row.pageCount?.toLocaleString('en') ?? ''}</TableCell>
      <TableCell className="text-right whitespace-nowrap tabular-nums text-ink-2 max-lg:hidden">{bytesInWords(row.bytes)}</TableCell>
      <TableCell className="max-md:hidden">
        <StateWords tone={versionTone(version)} moving={isUnderWay(version)}>{versionInWords(version)}</StateWords>
        {isUnderWay(version) && <Progress value={versionProgress(version)} label={`Reading of ${row.title}`} className="mt-1" />}
      </TableCell>
      <TableCell className="whitespace-nowrap text-ink-3 max-lg:hidden">
        <TimeAgo at={row.changedAt} className="relative" />
      </TableCell>
      {named && <TableCell className="max-w-36 truncate text-ink-2 max-xl:hidden">{row.createdByName}</TableCell>}
      <TableCell className="align-top md:align-middle">
        <DocumentMenu document={row} />
      </TableCell>
    </TableRow>
  );
}
