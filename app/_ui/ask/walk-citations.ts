/** Arrow keys move the focus between the citations of an answer. */
import type { KeyboardEvent } from 'react';

const steps: Record<string, 1 | -1> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function walkCitations(event: KeyboardEvent<HTMLElement>): void {
  const step = steps[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const citations = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-citation]')];
  const here = citations.findIndex((citation) => citation === document.activeElement);
  if (here < 0) return;
  event.preventDefault();
  citations[here + step]?.focus();
}
