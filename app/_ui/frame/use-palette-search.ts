/** Documents by title and conversations for the palette. */
'use client';
import { useEffect, useState } from 'react';
import { z } from 'zod';
import type { ConversationRow } from '#lib/conversations/types.ts';
import type { FoundDocument } from '#lib/documents/types.ts';
import { request } from '../client/fetch.ts';
import { conversationRow } from '../client/schemas/conversations.ts';
import { foundDocument } from '../client/schemas/documents.ts';

const shownMax = 8;
const pauseMs = 120;

export interface PaletteFound {
  documents: FoundDocument[];
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
  const search = `q=${encodeURIComponent(query)}&limit=${shownMax}`;
  const [documents, conversations] = await Promise.all([
    readItems(`/api/documents?${search}`, foundDocument, signal),
    readItems(`/api/conversations?${search}`, conversationRow, signal),
  ]);
  return { documents, conversations };
}

async function readItems<Item>(path: string, item: z.ZodType<Item>, signal: AbortSignal): Promise<Item[]> {
  try {
    return (await request(path, { schema: z.object({ items: z.array(item) }), signal })).items;
  } catch {
    return [];
  }
}
