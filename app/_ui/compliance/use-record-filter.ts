/** The filter of the records page. It stands in the address bar, so that a view is a link. */
'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation.js';
import { useCallback, useMemo } from 'react';
import { isPeriod, periodStart, type Period } from './record-words.ts';

export const filterNames = ['event', 'outcome', 'actor', 'document', 'collection'] as const;
export type FilterName = (typeof filterNames)[number];

export interface RecordFilter {
  values: Partial<Record<FilterName, string>>;
  period: Period;
  /** The query of /api/audit/records. */
  query: string;
  /** Changes one value; null removes it. */
  set: (name: FilterName | 'period', value: string | null) => void;
  clear: () => void;
  isFiltered: boolean;
}

export function useRecordFilter(): RecordFilter {
  const search = useSearchParams();
  const router = useRouter();
  const path = usePathname();
  const given = search.get('period') ?? 'all';
  const period: Period = isPeriod(given) ? given : 'all';

  const values = useMemo(() => {
    const pairs = filterNames.map((name) => [name, search.get(name) ?? ''] as const);
    return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
  }, [search]);

  const query = useMemo(() => {
    const from = periodStart(period, new Date());
    return new URLSearchParams({ ...values, ...(from === null ? {} : { from }) }).toString();
  }, [values, period]);

  const set = useCallback((name: FilterName | 'period', value: string | null) => {
    const next = new URLSearchParams(search);
    if (value === null || value === '' || value === 'all') next.delete(name);
    else next.set(name, value);
    router.replace(next.size === 0 ? path : `${path}?${next.toString()}`, { scroll: false });
  }, [search, router, path]);

  const clear = useCallback(() => router.replace(path, { scroll: false }), [router, path]);
  return { values, period, query, set, clear, isFiltered: search.size > 0 };
}
