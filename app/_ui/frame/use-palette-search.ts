/** Documents by title and conversations for the palette. Documents are asked for per collection, as the library does. */
'use client';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { ConversationRow } from '#lib/conversations/types.ts';
import type { DocumentRow } from '#lib/documents/types.ts';
import { request } from '../client/fetch.ts';
import { conversationRow } from '../client/schemas/conversations.ts';
import { documentRow } from '../client/schemas/documents.ts';
import { collectionRow } from '../client/schemas/people.ts';

const shownMax = 8;
const collectionsMax = 12;
const pauseMs = 120;

export interface PaletteFound {
  documents: (DocumentRow & { collectionName: string })[];
  conversations: ConversationRow[];
}
const nothing: PaletteFound = { documents: [], conversations: [] };

/** Empty for an empty query. A part that cannot be read is left out: the palette must open whatever is down. */
export function usePaletteSearch(query: string): PaletteFound & { searching: boolean } {
  const [found, setFound] = useState<{ query: string; result: PaletteFound }>({ query: '', result: nothing });
  useEffect(() => {
    if (query === '') return undefined;
    const aborter = new AbortController();
    const timer = setTimeout(() => {
      void find(query, aborter.signal).then((result) => !aborter.signal.aborted && setFound({ query, result }));
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      aborter.abort();
    };
  }, [query]);
  const current = query === '' ? nothing : found.result;
  return { ...current, searching: query !== '' && found.query !== query };
}

async function find(query: string, signal: AbortSignal): Promise<PaletteFound> {
  const q = encodeURIComponent(query);
  const [documents, conversations] = await Promise.all([findDocuments(q, signal), readItems(`/api/conversations?q=${q}`, conversationRow, signal)]);
  return { documents, conversations: conversations.slice(0, shownMax) };
}

async function findDocuments(q: string, signal: AbortSignal): Promise<PaletteFound['documents']> {
  const collections = await readItems('/api/collections', collectionRow, signal);
  const readable = collections.filter((collection) => collection.mayRead).slice(0, collectionsMax);
  const lists = await Promise.all(
    readable.map(async (collection) => {
      const rows = await readItems(`/api/collections/${collection.id}/documents?q=${q}&limit=${shownMax}`, documentRow, signal);
      return rows.map((row) => ({ ...row, collectionName: collection.name }));
    }),
  );
  return lists.flat().slice(0, shownMax);
}

async function readItems<Item>(path: string, item: z.ZodType<Item>, signal: AbortSignal): Promise<Item[]> {
  try {
    return (await request(path, { schema: z.object({ items: z.array(item) }), signal })).items;
  } catch {
    return [];
  }
}
