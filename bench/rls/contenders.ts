/**
 * Three ways to find the nearest visible chunks: ours; a plain HNSW index under the same row-level security; and
 * LangChain's PGVectorStore with the reader's collections as its metadata filter. Each answers with chunk texts, which
 * are the places of the chunks in the world.
 */
import { PGVectorStore } from '@langchain/community/vectorstores/pgvector';
import { FakeEmbeddings } from '@langchain/core/utils/testing';
import { sql } from 'kysely';
import type { MemberActor } from '#lib/actor.ts';
import { openDatabase } from '#lib/db/pool.ts';
import { transaction } from '#lib/db/transaction.ts';
import { findByMeaning } from '#lib/search/semantic.ts';
import { dimensions, embedder } from './world.ts';

export interface Asking {
  reader: MemberActor;
  /** Collections that the reader may read, for the one contender that must be told. */
  collectionIds: readonly string[];
  vector: readonly number[];
  k: number;
}

export type Contender = (asking: Asking) => Promise<(number | string)[]>;

/** Copies the vectors into the tables of the other two, indexes what they index, and refreshes statistics. */
export async function makeContenders(url: string): Promise<{ contenders: Record<'ours' | 'hnsw' | 'langchain', Contender>; texts: Map<number, number>; stop: () => Promise<void> }> {
  const owner = openDatabase(url, 1);
  // pgvector below 0.8.2 builds an index in parallel at its own risk (CVE-2026-3172).
  for (const statement of [
    `set max_parallel_maintenance_workers = 0`,
    `set maintenance_work_mem = '1GB'`,
    `create table plain_vectors as select chunk_id, document_id, embedding::vector(${dimensions}) as embedding from vectors`,
    `alter table plain_vectors enable row level security, force row level security`,
    `create policy member_reads on plain_vectors for select to attest_runtime using (document_id in (select readable_documents()))`,
    `grant select on plain_vectors to attest_runtime`,
    `create index on plain_vectors using hnsw (embedding vector_cosine_ops)`,
    `create index on plain_vectors (document_id)`,
    `create table langchain_vectors (id uuid primary key default gen_random_uuid(), text text, metadata jsonb, embedding vector)`,
    `insert into langchain_vectors (text, metadata, embedding)
      select c.text, jsonb_build_object('collection', d.collection_id, 'document', d.id, 'chunk', c.id), v.embedding
      from vectors v join chunks c on c.id = v.chunk_id join documents d on d.id = v.document_id`,
    `vacuum analyze`,
  ]) await sql.raw(statement).execute(owner);
  const texts = new Map((await sql<{ id: number; text: string }>`select id, text from chunks`.execute(owner)).rows.map((row) => [row.id, Number(row.text)]));
  await owner.destroy();
  const store = await PGVectorStore.initialize(new FakeEmbeddings(), { postgresConnectionOptions: { connectionString: url }, tableName: 'langchain_vectors', distanceStrategy: 'cosine', dimensions });
  // It says its connections are closed while one still is closing, and the database is removed under that one.
  store.pool.on('error', () => undefined);
  return { contenders: { ours, hnsw, langchain: (asking) => askLangChain(store, asking) }, texts, stop: () => store.end() };
}

async function ours({ reader, vector, k }: Asking): Promise<number[]> {
  const found = await transaction(reader, (tx) => findByMeaning(tx, { vector, embedder }, { scope: null, limit: k }));
  return found.map((each) => each.chunkId);
}

async function hnsw({ reader, vector, k }: Asking): Promise<number[]> {
  const { rows } = await transaction(reader, (tx) => sql<{ chunk_id: number }>`
    select chunk_id from plain_vectors order by embedding <=> ${`[${vector.join(',')}]`}::vector limit ${k}::int`.execute(tx));
  return rows.map((row) => row.chunk_id);
}

async function askLangChain(store: PGVectorStore, { collectionIds, vector, k }: Asking): Promise<number[]> {
  const found = await store.similaritySearchVectorWithScore([...vector], k, { collection: { in: [...collectionIds] } });
  return found.map(([document]) => Number(document.metadata['chunk']));
}
