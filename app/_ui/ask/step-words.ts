/** The steps of answering in words, for the asker and for whoever reads the record later. Pure. */
import type { Method } from '#lib/answer/events.ts';

const words: Record<Method['steps'][number]['name'], string> = {
  record: 'Wrote the question into the audit log',
  understand: 'Understood the question',
  search: 'Searched the documents that may be read',
  decide: 'Decided whether it can be answered',
  prompt: 'Put the passages before the model',
  'first-token': 'Waited for the first word',
  generate: 'Wrote the answer',
  check: 'Checked each sentence against its passage',
  save: 'Saved the answer and its record',
};

/** A step of a record older than this page keeps its own name. */
export function stepInWords(name: string): string {
  return new Map<string, string>(Object.entries(words)).get(name) ?? name;
}
