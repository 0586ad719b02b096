/** Says once that a person opened this version, so that the audit log counts people and not requests. */
'use client';
import { useEffect } from 'react';
import { request } from '../client/fetch.ts';

/** Null while there is nothing to open. */
export function useOpening(opened: { documentId: string; versionId: string } | null): void {
  const address = opened === null ? null : `/api/documents/${opened.documentId}/opened?version=${opened.versionId}`;
  useEffect(() => {
    if (address === null) return;
    // The content itself is only handed out with a record; this one failing loses nothing.
    request(address, { method: 'POST' }).catch(() => undefined);
  }, [address]);
}
