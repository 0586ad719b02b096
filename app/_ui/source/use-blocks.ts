/** A stretch of a version's blocks around where one wants to read, and more of it before and after when asked. */
'use client';
import { useCallback, useEffect, useState } from 'react';
import type { Block } from '#lib/documents/types.ts';
import { request } from '../client/fetch.ts';
import { blockPage } from '../client/schemas/documents.ts';

export type NumberedBlock = Block & { ordinal: number };

const beforeCount = 14;
const afterCount = 40;
const moreCount = 60;
const askedMax = 200;

export interface Blocks {
  blocks: NumberedBlock[] | null;
  error: unknown;
  hasBefore: boolean;
  hasAfter: boolean;
  loadBefore: () => void;
  loadAfter: () => void;
  retry: () => void;
}

/** `from` and `to`: the blocks that must be there, from 0. `path`: ".../versions/<id>". */
export function useBlocks(path: string, from: number, to: number): Blocks {
  const [state, setState] = useState<{ blocks: NumberedBlock[]; total: number } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);

  const read = useCallback(
    (start: number, count: number, signal?: AbortSignal) =>
      request(`${path}/blocks?from=${start}&limit=${Math.min(count, askedMax)}`, { schema: blockPage, ...(signal === undefined ? {} : { signal }) }),
    [path],
  );

  useEffect(() => {
    const aborter = new AbortController();
    const start = Math.max(0, from - beforeCount);
    read(start, to - start + 1 + afterCount, aborter.signal).then(
      ({ blocks, total }) => setState({ blocks, total }),
      (failure: unknown) => !aborter.signal.aborted && setError(failure),
    );
    return () => aborter.abort();
  }, [read, from, to, attempt]);

  const first = state?.blocks[0]?.ordinal ?? 0;
  const next = (state?.blocks.at(-1)?.ordinal ?? -1) + 1;
  const add = (start: number, count: number, join: (old: NumberedBlock[], more: NumberedBlock[]) => NumberedBlock[]): void => {
    read(start, count).then(
      (page) => setState((before) => ({ total: page.total, blocks: join(before?.blocks ?? [], page.blocks) })),
      (failure: unknown) => setError(failure),
    );
  };
  return {
    blocks: state?.blocks ?? null,
    error,
    hasBefore: first > 0,
    hasAfter: state !== null && next < state.total,
    loadBefore: () => add(Math.max(0, first - moreCount), Math.min(moreCount, first), (old, more) => [...more.filter((one) => one.ordinal < (old[0]?.ordinal ?? Infinity)), ...old]),
    loadAfter: () => add(next, moreCount, (old, more) => [...old, ...more.filter((one) => one.ordinal > (old.at(-1)?.ordinal ?? -1))]),
    retry: () => {
      setError(null);
      setAttempt(attempt + 1);
    },
  };
}
