/** Rows of documents with their newest state: what is still under way is asked for again and again, nothing else is. */
'use client';
import { useEffect, useRef, useState } from 'react';
import type { DocumentRow, VersionRow } from '#lib/documents/types.ts';
import { useData } from '../client/use-data.ts';
import { progressAnswer } from './uploads/upload-progress.ts';
import { isUnderWay } from './version-words.ts';

const everyMs = 2_000;
/** As many as one request may ask for (lib/documents/progress.ts). */
const idsMax = 200;

/** The list itself is not read again, so that a long list keeps its further pages. */
export function useLiveVersions(rows: DocumentRow[]): DocumentRow[] {
  // Kept for the very row that was read: a list read anew brings rows of its own, which are newer.
  const [known, setKnown] = useState<ReadonlyMap<DocumentRow, VersionRow>>(new Map());
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  const live = rows.map((row) => withVersion(row, known.get(row)));
  const ids = live.filter((row) => isUnderWay(row.version)).slice(0, idsMax).map((row) => row.id);
  const { data } = useData(ids.length === 0 ? null : `/api/documents/progress?ids=${ids.join(',')}`, progressAnswer, { everyMs });
  useEffect(() => {
    if (data === undefined) return;
    const versions = new Map(data.items.map((version) => [version.documentId, version]));
    const found = latest.current.flatMap((row) => {
      const version = versions.get(row.id);
      return version === undefined ? [] : [[row, version] as const];
    });
    setKnown((before) => new Map([...[...before].filter(([row]) => latest.current.includes(row)), ...found]));
  }, [data]);
  return live;
}

function withVersion(row: DocumentRow, version: VersionRow | undefined): DocumentRow {
  if (version === undefined || version.number < row.version.number) return row;
  const currentVersion = version.state === 'ready' ? version.number : row.currentVersion;
  return { ...row, version, currentVersion, format: version.format, fileName: version.fileName, bytes: version.bytes, pageCount: version.pageCount };
}
