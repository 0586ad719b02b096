/** A list that the server gives in pages: {items, next}. Reads the first page, and more when asked. */
'use client';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { z } from 'zod';
import { request } from './fetch.ts';
import { useData } from './use-data.ts';

export interface List<Item> {
  /** Undefined until the first answer. */
  items: Item[] | undefined;
  error: unknown;
  loading: boolean;
  hasMore: boolean;
  loadingMore: boolean;
  loadMore: () => void;
  reload: () => void;
}

interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** `path` may hold a query; null: read nothing yet. `schema` describes one item. */
export function useList<Item>(path: string | null, schema: z.ZodType<Item>, options: { everyMs?: number | null } = {}): List<Item> {
  const pageSchema = useMemo(() => z.object({ items: z.array(schema), next: z.string().nullable().default(null) }), [schema]);
  const first = useData<Page<Item>>(path, pageSchema, options);
  const [further, setFurther] = useState<{ after: Page<Item> | undefined; pages: Page<Item>[]; error: unknown }>({ after: undefined, pages: [], error: null });
  const [cursorLoading, setCursorLoading] = useState<string | null>(null);

  // Pages read after an older first page no longer fit; they are dropped with it.
  const pages = further.after === first.data ? further.pages : [];
  const next = pages.at(-1)?.next ?? (pages.length > 0 ? null : (first.data?.next ?? null));

  useEffect(() => {
    if (cursorLoading === null || path === null) return undefined;
    const aborter = new AbortController();
    const separator = path.includes('?') ? '&' : '?';
    request(`${path}${separator}cursor=${encodeURIComponent(cursorLoading)}`, { schema: pageSchema, signal: aborter.signal }).then(
      (page) => {
        setFurther((before) => ({ after: first.data, pages: [...(before.after === first.data ? before.pages : []), page], error: null }));
        setCursorLoading(null);
      },
      (error: unknown) => {
        if (aborter.signal.aborted) return;
        setFurther((before) => ({ ...before, error }));
        setCursorLoading(null);
      },
    );
    return () => aborter.abort();
  }, [cursorLoading, path, pageSchema, first.data]);

  const loadMore = useCallback(() => setCursorLoading(next), [next]);
  return {
    items: first.data === undefined ? undefined : [...first.data.items, ...pages.flatMap((page) => page.items)],
    error: first.error ?? further.error,
    loading: first.loading,
    hasMore: next !== null,
    loadingMore: cursorLoading !== null,
    loadMore,
    reload: first.reload,
  };
}
