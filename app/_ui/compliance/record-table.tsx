/** The records, newest first: a dense table on wide screens, two lines a record on a phone. */
'use client';
import Link from 'next/link.js';
import type { RecordRow } from '#lib/audit/types.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { clockTime } from '../primitives/relative-time.ts';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { OutcomeMark } from './outcome.tsx';
import { actInWords, actorInWords } from './record-words.ts';

/** In line with the head of the page above it. */
const edges = '[&_:is(th,td):first-child]:pl-6 [&_:is(th,td):last-child]:pr-6';

export function RecordTable({ records }: { records: RecordRow[] }) {
  return (
    <>
      <Table label="Records" className={edges} boxClassName="overflow-visible max-sm:hidden">
        <TableHead>
          <tr>
            <TableHeader className="w-24">Record</TableHeader>
            <TableHeader className="w-44">Person</TableHeader>
            <TableHeader>Act</TableHeader>
            <TableHeader className="w-44">Outcome</TableHeader>
            <TableHeader className="w-32">Time</TableHeader>
            <TableHeader className="w-44 max-xl:hidden">Committed</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {records.map((record) => (
            <TableRow key={record.seq} className="relative">
              <TableCell className="font-mono text-xs text-ink-3">{record.seq.toLocaleString('en')}</TableCell>
              <TableCell className="max-w-44 truncate text-ink-2">{actorInWords(record)}</TableCell>
              <TableCell className="max-w-0 truncate">
                <RecordLink record={record} />
              </TableCell>
              <TableCell className="text-ink-2">
                <OutcomeMark outcome={record.outcome} />
              </TableCell>
              <TableCell className="relative text-ink-3">
                <TimeAgo at={record.at} />
              </TableCell>
              <TableCell className="whitespace-nowrap text-ink-3 max-xl:hidden">{clockTime(new Date(record.at))}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <ul className="divide-y divide-line-soft sm:hidden">
        {records.map((record) => (
          <li key={record.seq} className="relative px-4 py-2.5 text-sm">
            <RecordLink record={record} />
            <div className="mt-0.5 flex items-center gap-3 text-xs text-ink-3">
              <span className="truncate">{actorInWords(record)}</span>
              <OutcomeMark outcome={record.outcome} />
              <TimeAgo at={record.at} className="ml-auto whitespace-nowrap" />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Stretches over its whole row, so that a click anywhere opens the record. */
function RecordLink({ record }: { record: RecordRow }) {
  return (
    <Link href={`/compliance/records/${record.seq}`} prefetch={false} className="after:absolute after:inset-0 hover:underline">
      {actInWords(record)}
    </Link>
  );
}
