/** Collections as a plain table; on a phone each row keeps its name, its size and its state. */
'use client';
import Link from 'next/link.js';
import type { CollectionRow } from '#lib/collections/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { StateWords } from '../primitives/state-words.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { accessInWords, collectionInWords, collectionTone, documentsInWords } from './collection-words.ts';

export function CollectionTable({ rows }: { rows: CollectionRow[] }) {
  const readersKnown = rows.some((row) => row.readers !== null);
  return (
    <Table label="Collections" boxClassName="-mx-4 overflow-visible">
      <TableHead>
        <tr>
          <TableHeader>Collection</TableHeader>
          <TableHeader className="w-28 text-right max-md:hidden">Documents</TableHeader>
          <TableHeader className="w-60 max-lg:hidden">{readersKnown ? 'Who can read' : 'You can read it through'}</TableHeader>
          <TableHeader className="w-36 max-lg:hidden">Changed</TableHeader>
          <TableHeader className="w-44 max-md:hidden">State</TableHeader>
        </tr>
      </TableHead>
      <TableBody>
        {rows.map((row) => (
          <CollectionLine key={row.id} row={row} />
        ))}
      </TableBody>
    </Table>
  );
}

function CollectionLine({ row }: { row: CollectionRow }) {
  const nobody = row.readers?.length === 0;
  return (
    <TableRow className="relative">
      <TableCell className="max-w-0 py-2.5">
        <div className="flex items-baseline gap-2">
          <Link href={`/library/collections/${row.id}`} dir="auto" className="truncate text-base font-medium after:absolute after:inset-0 hover:underline max-md:whitespace-normal">
            {row.name}
          </Link>
          {!row.mayRead && <Badge tone="outline" shape="pill" className="shrink-0" >you cannot read it</Badge>}
        </div>
        {row.description !== '' && (
          <p dir="auto" className="mt-0.5 line-clamp-2 text-ink-2">
            {row.description}
          </p>
        )}
        <p className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5 text-ink-3 md:hidden">
          {documentsInWords(row.documents)}
          <StateWords tone={collectionTone(row)} moving={row.unfinished > row.failed}>{collectionInWords(row)}</StateWords>
        </p>
      </TableCell>
      <TableCell className="text-right tabular-nums max-md:hidden">{row.documents.toLocaleString('en')}</TableCell>
      <TableCell className={nobody ? 'text-weak max-lg:hidden' : 'text-ink-2 max-lg:hidden'}>{accessInWords(row)}</TableCell>
      <TableCell className="text-ink-3 max-lg:hidden">
        <TimeAgo at={row.changedAt} className="relative" />
      </TableCell>
      <TableCell className="max-md:hidden">
        <StateWords tone={collectionTone(row)} moving={row.unfinished > row.failed}>{collectionInWords(row)}</StateWords>
      </TableCell>
    </TableRow>
  );
}
