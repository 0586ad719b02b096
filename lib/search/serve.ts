/**
 * A search whose passages leave the product: for programs, which may do with them what they like. What is served, and
 * why its reader could read it, is on record before it leaves; a passage whose right ended meanwhile is left out.
 */
import type { MemberActor } from '../actor.ts';
import { readRights } from '../answer/rights.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { search } from './search.ts';
import type { FoundPassage, SearchInput } from './types.ts';

export interface Served {
  /** Best first. */
  passages: FoundPassage[];
  /** Number of the record. */
  record: number;
}

/** Throws Problem 'database-unavailable' or 'record-not-written', and then serves nothing. */
export async function serveSearch(actor: MemberActor, input: SearchInput, signal: AbortSignal): Promise<Served> {
  const found = await search(actor, input, signal);
  signal.throwIfAborted();
  return transaction(actor, async (tx) => {
    const rights = await readRights(tx, [...new Set(found.passages.map((passage) => passage.documentId))]);
    const passages = found.passages.filter((passage) => rights.has(passage.documentId));
    const numbered = passages.map((passage, index) => ({ number: index + 1, ...passage }));
    const record = await appendRecord(tx, actor, {
      event: 'search.served',
      details: {
        limit: input.limit,
        collectionsSearched: found.visible.collections,
        retrieval: found.embedder === null ? 'lexical' : 'hybrid',
        embedder: found.embedder,
        evidence: numbered.map((one) => ({
          number: one.number, documentId: one.documentId, versionId: one.versionId, versionNumber: one.versionNumber, collectionId: one.collectionId,
          chunkOrdinal: one.ordinal, textSha256: one.textSha256, scores: one.scores, readableBecause: rights.get(one.documentId) ?? [],
        })),
      },
      content: { question: input.query, evidence: numbered.map(({ number, title, text, textSha256, place }) => ({ number, title, text, textSha256, place })) },
    });
    return { passages, record };
  });
}
