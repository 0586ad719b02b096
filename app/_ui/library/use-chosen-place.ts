/** The passages of a version and the place in its source that is shown: first what the address names, then what is chosen. */
'use client';
import { useEffect, useMemo, useState } from 'react';
import type { DocumentInFull, Passage, VersionRow } from '#lib/documents/types.ts';
import { passage as passageSchema } from '../client/schemas/documents.ts';
import { useList, type List } from '../client/use-list.ts';
import { documentAddress, passageAt, type OpenAt } from './document-address.ts';

const passagesAtOnce = 200;

export interface ChosenPlace {
  passages: List<Passage>;
  /** The passage marked in the source; null for none. */
  passage: Passage | null;
  /** Page to show without a passage. */
  page: number | null;
  /** The address names a passage that has not been found yet. */
  pending: boolean;
  choosePassage: (passage: Passage) => void;
  choosePage: (page: number) => void;
}

interface Wanted {
  document: DocumentInFull;
  version: VersionRow;
  at: OpenAt;
  /** False: nothing is read. */
  readable: boolean;
}

export function useChosenPlace({ document, version, at, readable }: Wanted): ChosenPlace {
  const passages = useList(readable ? `/api/documents/${document.id}/versions/${version.id}/passages?limit=${passagesAtOnce}` : null, passageSchema);
  const [chosen, setChosen] = useState<{ passage: Passage | null; page: number | null } | null>(null);
  const { items, hasMore, loadingMore, loadMore, error } = passages;
  const named = useMemo(() => (at.block === null || items === undefined ? null : (passageAt(items, at.block) ?? null)), [items, at.block]);
  const pending = readable && chosen === null && at.block !== null && named === null && error === null && (items === undefined || hasMore);
  useEffect(() => {
    if (pending && hasMore && !loadingMore) loadMore();
  }, [pending, hasMore, loadingMore, loadMore]);
  return {
    passages,
    passage: chosen === null ? named : chosen.passage,
    page: chosen === null ? at.page : chosen.page,
    pending,
    choosePassage: (passage) => {
      setChosen({ passage, page: null });
      // The address follows, so that it can be passed on.
      window.history.replaceState(null, '', documentAddress(document.id, { version: version.number, block: passage.place.from.block }));
    },
    choosePage: (page) => setChosen({ passage: null, page }),
  };
}
