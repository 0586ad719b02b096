/** A collection in words: how its documents stand, who may read it, why one may read it oneself. Pure. */
import type { CollectionRow } from '#lib/collections/types.ts';

const namesShown = 3;

/** "212 documents" */
export function documentsInWords(documents: number): string {
  return `${documents.toLocaleString('en')} ${documents === 1 ? 'document' : 'documents'}`;
}

/** "Ready", "3 being read", "3 being read, 1 failed", "Empty". */
export function collectionInWords({ documents, unfinished, failed }: Pick<CollectionRow, 'documents' | 'unfinished' | 'failed'>): string {
  if (documents === 0) return 'Empty';
  const reading = unfinished - failed;
  const parts = [reading > 0 ? `${reading.toLocaleString('en')} being read` : '', failed > 0 ? `${failed.toLocaleString('en')} failed` : ''];
  return parts.filter(Boolean).join(', ') || 'Ready';
}

/** The colour of the dot beside these words. */
export function collectionTone({ documents, unfinished, failed }: Pick<CollectionRow, 'documents' | 'unfinished' | 'failed'>): 'ok' | 'bad' | 'accent' | 'neutral' {
  if (failed > 0) return 'bad';
  if (unfinished > 0) return 'accent';
  return documents === 0 ? 'neutral' : 'ok';
}

/** Admins and compliance: who may read. Others: through what they may. */
export function accessInWords({ readers, because }: Pick<CollectionRow, 'readers' | 'because'>): string {
  if (readers !== null) return readers.length === 0 ? 'Nobody yet' : joinNames(readers);
  return joinNames(because.map(reasonInWords));
}

/** One way in which one may read: the name of a group, or a grant to oneself. */
export function reasonInWords(reason: string): string {
  return reason === 'you' ? 'a grant to you' : reason;
}

/** "Engineering, People, Sales and 2 more" */
export function joinNames(names: readonly string[], shown: number = namesShown): string {
  const more = names.length - shown;
  if (more > 0) return `${names.slice(0, shown).join(', ')} and ${more} more`;
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
