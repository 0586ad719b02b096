/** Keys that work on every page: Ctrl or Cmd K, `/` and `?`. Single characters never fire while somebody types. */
'use client';
import { useRouter } from 'next/navigation.js';
import { useEffect } from 'react';
import type { Layer } from './frame-context.ts';

/** Id of the question field on the Ask pages. */
export const questionFieldId = 'question';

export function useShortcuts(openLayer: (layer: Layer) => void): void {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        openLayer('palette');
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target) || isLayerOpen()) return;
      if (event.key === '?') openLayer('keys');
      else if (event.key === '/') focusQuestion(() => router.push('/ask'));
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [openLayer, router]);
}

function focusQuestion(goThere: () => void): void {
  const field = document.getElementById(questionFieldId);
  // The Ask page focuses its empty question by itself when it opens.
  if (field === null) goThere();
  else field.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

function isLayerOpen(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"][data-state="open"]') !== null;
}
