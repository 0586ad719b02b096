/** Retrieval as LangChain sees it: one actor's view of the documents. The rights stand in the SQL below it, not here. */
import { Document } from '@langchain/core/documents';
import { BaseRetriever } from '@langchain/core/retrievers';
import type { MemberActor } from '../actor.ts';
import { search } from './search.ts';
import type { QueryVector, SearchResult } from './types.ts';

export interface RetrieverFields {
  actor: MemberActor;
  scope: readonly string[] | null;
  limit: number;
  signal: AbortSignal;
  /** The vector of the query that will be asked for, on its way. */
  vector?: Promise<QueryVector | null>;
}

/** Gives the passages for a query; `result` holds what else the last search found out. */
export class PassageRetriever extends BaseRetriever<{ chunkId: number; documentId: string; score: number }> {
  override lc_namespace = ['attest', 'search'];
  readonly #fields: RetrieverFields;
  result: SearchResult | undefined;

  constructor(fields: RetrieverFields) {
    super();
    this.#fields = fields;
  }

  override async _getRelevantDocuments(query: string): Promise<Document<{ chunkId: number; documentId: string; score: number }>[]> {
    const { actor, scope, limit, signal, vector } = this.#fields;
    this.result = await search(actor, { query, scope, limit, vector }, signal);
    return this.result.passages.map(({ text, chunkId, documentId, scores }) => new Document({ pageContent: text, metadata: { chunkId, documentId, score: scores.fused } }));
  }
}
