/** Which collections the next question searches: all, or some. Remembered while the page is open. */
'use client';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import type { CollectionRow } from '#lib/collections/types.ts';
import { collectionRow } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';

const collectionsAnswer = z.object({ items: z.array(collectionRow) });

export interface Scope {
  /** Collections the member may read; undefined until known. */
  collections: CollectionRow[] | undefined;
  /** Ids of the chosen ones; null: all. */
  chosen: string[] | null;
  choose: (ids: string[] | null) => void;
}

export function useScope(): Scope {
  const { data } = useData('/api/collections', collectionsAnswer);
  const [wanted, choose] = useState<string[] | null>(null);
  const collections = useMemo(() => data?.items.filter((one) => one.mayRead), [data]);
  // What is no longer readable is no longer asked for.
  const kept = wanted?.filter((id) => collections?.some((one) => one.id === id)) ?? [];
  const chosen = wanted === null || kept.length === 0 || kept.length === collections?.length ? null : kept;
  return { collections, chosen, choose };
}
