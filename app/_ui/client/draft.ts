/** Text being typed, kept in this window until it is sent, so that a reload, an expired sign-in or a lost connection costs nothing. */
'use client';
import { useCallback, useEffect, useState } from 'react';

export const draftPrefix = 'attest:draft:';

/** Like useState for a string, kept in session storage under `key`. Empty while hydrating, so that server and browser agree. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ key: '', text: '' });
  // Storage can only be read after hydration; the server does not have it.
  useEffect(() => setDraft({ key, text: read(key) }), [key]);
  const write = useCallback(
    (text: string) => {
      setDraft({ key, text });
      keep(key, text);
    },
    [key],
  );
  return [draft.key === key ? draft.text : '', write];
}

function read(key: string): string {
  try {
    return sessionStorage.getItem(draftPrefix + key) ?? '';
  } catch {
    return '';
  }
}

function keep(key: string, text: string): void {
  try {
    if (text === '') sessionStorage.removeItem(draftPrefix + key);
    else sessionStorage.setItem(draftPrefix + key, text);
  } catch {
    // Storage may be full or switched off; the text is still in the field.
  }
}
