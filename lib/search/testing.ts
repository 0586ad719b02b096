/**
 * Fills a test database with members, collections and already cut texts, stored as ingestion stores them, so that
 * retrieval and answers can be tested without reading files.
 */
import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { ingestActor, signInActor, type MemberActor, type Role } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { chunkTerms } from './terms.ts';
import type { EmbedderUsed } from './types.ts';

export interface TestText {
  text: string;
  headings?: string[];
  page?: number;
  vector?: readonly number[];
}

export interface TestDocument {
  collectionId: string;
  title: string;
  texts: readonly (TestText | string)[];
  /** Under which the vectors of `texts` are stored. */
  embedder?: EmbedderUsed & { dimensions: number };
}

interface Target {
  documentId: string;
  versionId: string;
  title: string;
}

/** A member who may act at once. */
export async function addMember(name: string, role: Role = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  const actor: MemberActor = { kind: 'member', id, name, email: `${id}@example.test`, role };
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name, role }).execute());
  return actor;
}

/** A collection that `readers` may read. Returns its id. */
export async function addCollection(admin: MemberActor, name: string, readers: readonly MemberActor[]): Promise<string> {
  const id = randomUUID();
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id, name: `${name} ${id.slice(0, 4)}` }).execute();
    const grants = readers.map((reader) => ({ id: randomUUID(), collection_id: id, member_id: reader.id, permission: 'read' as const }));
    if (grants.length > 0) await tx.insertInto('grants').values(grants).execute();
  });
  return id;
}

/** Takes everybody's right to a collection away. */
export async function removeGrants(admin: MemberActor, collectionId: string): Promise<void> {
  await transaction(admin, (tx) => tx.deleteFrom('grants').where('collection_id', '=', collectionId).execute());
}

/** A document with one current version. Returns its id. */
export async function addDocument(admin: MemberActor, document: TestDocument): Promise<string> {
  const id = randomUUID();
  await transaction(admin, (tx) => tx.insertInto('documents').values({ id, collection_id: document.collectionId, title: document.title }).execute());
  await addVersion(admin, id, document);
  return id;
}

/** Another version of a document, current from now on; the one before it is closed. */
export async function addVersion(admin: MemberActor, documentId: string, { title, texts, embedder }: Omit<TestDocument, 'collectionId'>): Promise<string> {
  const target = { documentId, versionId: randomUUID(), title };
  await transaction(admin, async (tx) => {
    const before = await tx.updateTable('versions').set({ valid_to: new Date() })
      .where('document_id', '=', documentId).where('valid_to', 'is', null).returning('number').execute();
    await tx.insertInto('versions').values({
      id: target.versionId, document_id: documentId, number: (before[0]?.number ?? 0) + 1, file_name: `${title}.md`, format: 'markdown',
      bytes: 1, sha256: sha256(title), state: 'ready', valid_from: new Date(), chunk_count: texts.length,
    }).execute();
  });
  await transaction(ingestActor, (tx) => storeTexts(tx, target, { title, texts, ...(embedder === undefined ? {} : { embedder }) }));
  return target.versionId;
}

async function storeTexts(tx: Tx, target: Target, { texts, embedder }: Omit<TestDocument, 'collectionId'>): Promise<void> {
  const postings = new Map<string, Map<number, number>>();
  const modelId = embedder === undefined ? undefined : await storeEmbedder(tx, embedder);
  for (const [ordinal, item] of texts.entries()) {
    const { text, headings = [], page, vector }: TestText = typeof item === 'string' ? { text: item } : item;
    const found = chunkTerms({ title: target.title, headings, text });
    const place = { from: { block: ordinal, offset: 0 }, to: { block: ordinal, offset: text.length }, headings, ...(page === undefined ? {} : { page }) };
    const { id } = await tx.insertInto('chunks').values({
      version_id: target.versionId, document_id: target.documentId, ordinal, text, text_sha256: sha256(text), place: JSON.stringify(place), term_count: found.length,
    }).returning('id').executeTakeFirstOrThrow();
    for (const term of found) {
      const chunks = postings.get(term) ?? new Map<number, number>();
      postings.set(term, chunks.set(id, (chunks.get(id) ?? 0) + 1));
    }
    if (modelId === undefined || vector === undefined) continue;
    await sql`insert into vectors (embedding_model_id, chunk_id, document_id, version_id, embedding)
      values (${modelId}, ${id}, ${target.documentId}, ${target.versionId}, ${`[${vector.join(',')}]`}::vector)`.execute(tx);
  }
  if (postings.size === 0) return;
  const rows = [...postings].map(([term, chunks]) => ({
    term, version_id: target.versionId, document_id: target.documentId, chunk_ids: [...chunks.keys()], frequencies: [...chunks.values()],
  }));
  for (let start = 0; start < rows.length; start += 5000) await tx.insertInto('postings').values(rows.slice(start, start + 5000)).execute();
}

async function storeEmbedder(tx: Tx, embedder: EmbedderUsed & { dimensions: number }): Promise<number> {
  const values = { name: embedder.name, sha256: embedder.sha256 ?? '', dimensions: embedder.dimensions };
  await tx.insertInto('embedding_models').values(values).onConflict((conflict) => conflict.doNothing()).execute();
  const found = await tx.selectFrom('embedding_models').select('id')
    .where('name', '=', values.name).where('sha256', '=', values.sha256).where('dimensions', '=', values.dimensions).executeTakeFirstOrThrow();
  return found.id;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
