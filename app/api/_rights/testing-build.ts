/**
 * Writes a random company (lib/access/testing-world.ts) into the database of this process as the product would have
 * written it, in few statements with many rows. At first everybody may read everything and asks about every document;
 * then the rights of the company take effect, so that histories hold answers that are to be withheld.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import type { World } from '#lib/access/testing-world.ts';
import { ingestActor, keyScopes, signInActor, type MemberActor } from '#lib/actor.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { saveExamples } from '#lib/conversations/examples.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { env } from '#lib/env.ts';
import { hashKey, newKey, prefixOf } from '#lib/keys/token.ts';
import { chunkTerms } from '#lib/search/terms.ts';
import { testEmbedder, vectorOf } from './testing-models.ts';

/** A member who is signed in. */
export interface Visitor {
  number: number;
  actor: MemberActor;
  token: string;
  /** An API key of theirs with every scope. */
  key: string;
  conversationId: string;
  /** A conversation whose last question was completed with the title of one document. */
  followUpId: string;
}

/** A document and everything by which it can be asked for. */
export interface Placed {
  number: number;
  collection: number;
  id: string;
  versionId: string;
  /** Stands in no other document. */
  word: string;
  /** 128 random bits that stand in its text alone, and others in its title and file name. */
  canary: string;
  titleCanary: string;
  title: string;
  text: string;
  fileName: string;
  sha256: string;
}

export interface Built {
  world: World;
  visitors: Visitor[];
  documents: Placed[];
  collectionIds: string[];
  groupIds: string[];
  grantIds: string[];
  /** Of each member and document, by `${member} ${document}`. */
  turnIds: Map<string, string>;
  evidenceIds: Map<string, string>;
  /** Gives and takes rights and stands outside the company. */
  builder: MemberActor;
}

export const exampleOf = (collectionId: string): string => `What does collection ${collectionId} say?`;
const hour = 3_600_000;

/** Adds the company. */
export async function buildWorld(world: World): Promise<Built> {
  const built = draw(world);
  await addPeople(built);
  await addCollectionsAndDocuments(built);
  await transaction(ingestActor, (tx) => addContent(tx, built.documents));
  await addFiles(built.documents);
  for (const visitor of built.visitors) await transaction(visitor.actor, (tx) => addHistory(tx, built, visitor));
  await transaction(built.builder, (tx) => takeEffect(tx, built));
  await disable(built);
  return built;
}

/** Ends every right that the company gave and disables its members, so that grants to everyone reach nobody of another one. */
export async function endWorld({ builder, visitors }: Built): Promise<void> {
  await transaction(builder, (tx) => tx.deleteFrom('grants').execute());
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', 'in', [builder, ...visitors.map(({ actor }) => actor)].map(({ id }) => id)).execute());
}

function draw(world: World): Built {
  const ids = (count: number): string[] => Array.from({ length: count }, () => randomUUID());
  return {
    world,
    visitors: world.members.map(({ role }, number) => {
      const id = randomUUID();
      return { number, actor: { kind: 'member', id, name: `Member ${number} ${id.slice(0, 6)}`, email: `${id}@example.test`, role }, token: newSessionToken(), key: newKey(), conversationId: randomUUID(), followUpId: randomUUID() };
    }),
    documents: world.documents.map(({ collection }, number) => drawDocument(number, collection)),
    collectionIds: ids(world.collections),
    groupIds: ids(world.groups),
    grantIds: ids(world.grants.length),
    turnIds: new Map(),
    evidenceIds: new Map(),
    builder: { kind: 'member', id: randomUUID(), name: 'Builder', email: `${randomUUID()}@example.test`, role: 'admin' },
  };
}

export function drawDocument(number: number, collection: number): Placed {
  const word = `zq${randomBytes(6).toString('hex')}n${number}z`;
  const [canary, titleCanary] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const text = `The door code of ${word} is ${canary}.`;
  return {
    number, collection, id: randomUUID(), versionId: randomUUID(), word, canary, titleCanary, text,
    title: `Paper ${word} ${titleCanary}`, fileName: `${titleCanary}.txt`, sha256: createHash('sha256').update(text).digest('hex'),
  };
}

async function addPeople({ world, visitors, groupIds, builder }: Built): Promise<void> {
  const groups = groupIds.map((id) => ({ id, name: `Group ${id}` }));
  const memberships = world.memberships.map(({ member, group, origin }) => ({ member_id: visitors[member]?.actor.id ?? '', group_id: groupIds[group] ?? '', origin }));
  const nestings = world.nestings.map(({ inner, outer }) => ({ inner_group_id: groupIds[inner] ?? '', outer_group_id: groupIds[outer] ?? '' }));
  const sessions = visitors.map(({ actor, token }) => ({ id: randomUUID(), token_sha256: hashToken(token), member_id: actor.id, expires_at: new Date(Date.now() + hour) }));
  await transaction(signInActor, async (tx) => {
    await tx.insertInto('members').values([builder, ...visitors.map(({ actor }) => actor)].map(({ id, name, email, role }) => ({ id, name, email, role }))).execute();
    await tx.insertInto('groups').values(groups).execute();
    if (memberships.length > 0) await tx.insertInto('memberships').values(memberships).execute();
    if (nestings.length > 0) await tx.insertInto('group_nestings').values(nestings).execute();
    await tx.insertInto('sessions').values(sessions).execute();
  });
}

async function addCollectionsAndDocuments({ builder, collectionIds, documents }: Built): Promise<void> {
  await transaction(builder, async (tx) => {
    await tx.insertInto('collections').values(collectionIds.map((id) => ({ id, name: `Collection ${id}`, description: `About ${id}.` }))).execute();
    await tx.insertInto('documents').values(documents.map(({ id, collection, title }) => ({ id, collection_id: collectionIds[collection] ?? '', title }))).execute();
    await tx.insertInto('versions').values(documents.map((each) => ({
      id: each.versionId, document_id: each.id, number: 1, file_name: each.fileName, format: 'text' as const, bytes: each.text.length, sha256: each.sha256, state: 'ready' as const, valid_from: new Date(), chunk_count: 1,
    }))).execute();
    const everyone = await everyoneId(tx);
    await tx.insertInto('grants').values(collectionIds.map((id) => ({ id: randomUUID(), collection_id: id, group_id: everyone, permission: 'read' as const }))).execute();
    await saveExamples(tx, collectionIds.slice(0, 12).map((id) => ({ question: exampleOf(id), collectionNames: [`Collection ${id}`] })));
  });
}

async function everyoneId(tx: Tx): Promise<string> {
  return (await tx.selectFrom('groups').select('id').where('everyone', '=', true).executeTakeFirstOrThrow()).id;
}

/** What ingestion stores: blocks, chunks, postings and vectors, one chunk a document. */
export async function addContent(tx: Tx, documents: readonly Placed[]): Promise<void> {
  const place = (text: string): string => JSON.stringify({ from: { block: 0, offset: 0 }, to: { block: 0, offset: text.length }, headings: [] });
  const found = documents.map((each) => chunkTerms({ title: each.title, headings: [], text: each.text }));
  await tx.insertInto('blocks').values(documents.map((each) => ({ version_id: each.versionId, document_id: each.id, ordinal: 0, body: JSON.stringify({ kind: 'paragraph', text: each.text }) }))).execute();
  const rows = await tx.insertInto('chunks').values(documents.map((each, index) => ({
    version_id: each.versionId, document_id: each.id, ordinal: 0, text: each.text, text_sha256: each.sha256, place: place(each.text), term_count: found[index]?.length ?? 0,
  }))).returning(['id', 'document_id']).execute();
  const chunkIds = new Map(rows.map((row) => [row.document_id, row.id]));
  await tx.insertInto('postings').values(documents.flatMap((each, index) => {
    const times = new Map<string, number>();
    for (const term of found[index] ?? []) times.set(term, (times.get(term) ?? 0) + 1);
    return [...times].map(([term, count]) => ({ term, version_id: each.versionId, document_id: each.id, chunk_ids: [chunkIds.get(each.id) ?? 0], frequencies: [count] }));
  })).execute();
  const modelId = await keepEmbedder(tx);
  await sql`insert into vectors (embedding_model_id, chunk_id, document_id, version_id, embedding)
    select ${modelId}, * from unnest(${documents.map((each) => chunkIds.get(each.id) ?? 0)}::bigint[], ${documents.map((each) => each.id)}::uuid[],
      ${documents.map((each) => each.versionId)}::uuid[], ${documents.map((each) => `[${vectorOf(each.text).join(',')}]`)}::vector[])`.execute(tx);
}

async function keepEmbedder(tx: Tx): Promise<number> {
  await tx.insertInto('embedding_models').values(testEmbedder).onConflict((conflict) => conflict.doNothing()).execute();
  return (await tx.selectFrom('embedding_models').select('id').where('sha256', '=', testEmbedder.sha256).executeTakeFirstOrThrow()).id;
}

async function addFiles(documents: readonly Placed[]): Promise<void> {
  await Promise.all(documents.map(async ({ sha256, text }) => {
    const folder = path.join(env().DATA_DIR, 'files', sha256.slice(0, 2));
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, sha256), text);
  }));
}

/** A key, and a history: one turn a document, answered from it alone, and one that found no answer and showed all of them as nearest. */
async function addHistory(tx: Tx, built: Built, { number, actor, key, conversationId, followUpId }: Visitor): Promise<void> {
  await tx.insertInto('api_keys').values({ id: randomUUID(), member_id: actor.id, name: 'Program', prefix: prefixOf(key), key_sha256: hashKey(key), scopes: [...keyScopes], expires_at: new Date(Date.now() + hour) }).execute();
  await tx.insertInto('conversations').values([conversationId, followUpId].map((id) => ({ id, member_id: actor.id, title: 'Door codes' }))).execute();
  const last = built.documents.length;
  const turns = [...built.documents, null].map((document, ordinal) => ({ id: randomUUID(), ordinal, document }));
  // A follow-up that was completed with the title of the document that the answer before it cited.
  const asked = built.documents[built.world.choice % last];
  const followUps = asked === undefined ? [] : [0, 1].map((step) => ({ id: randomUUID(), ordinal: step, document: asked, step }));
  const common = { member_id: actor.id, asked_record: 0 };
  await tx.insertInto('turns').values([
    ...turns.map(({ id, ordinal }) => ({ ...common, id, conversation_id: conversationId, ordinal, question: 'What is the door code?', query: 'What is the door code?' })),
    ...followUps.map(({ id, ordinal, document, step }) => ({ ...common, id, conversation_id: followUpId, ordinal, question: step === 0 ? 'Codes?' : 'And now?', query: step === 0 ? 'Codes?' : `And now? (${document.title})` })),
  ]).execute();
  const method = (nearest: unknown[] = []): string => JSON.stringify({ query: 'door', collectionsSearched: 1, steps: [], retrieval: 'hybrid', candidates: { lexical: 1, semantic: 1 }, generator: null, embedder: null, promptSha256: null, tokens: null, sampling: null, inventedCitations: 0, quotedBecause: null, nearest });
  const answer = (turnId: string, { text, id }: Placed) => ({ turn_id: turnId, member_id: actor.id, outcome: 'quoted' as const, text: `${text} [1]`, document_ids: [id], method: method(), answered_record: 0 });
  await tx.insertInto('answers').values([
    ...turns.map(({ id, document }) => (document === null
      ? { turn_id: id, member_id: actor.id, outcome: 'not-found' as const, text: '', document_ids: [], method: method(built.documents.map((each) => ({ number: each.number + 1, why: 'Near.' }))), answered_record: 0 }
      : answer(id, document))),
    ...followUps.filter(({ step }) => step === 0).map(({ id, document }) => answer(id, document)),
  ]).execute();
  const evidence = (turnId: string, rank: number, each: Placed) => ({
    id: randomUUID(), turn_id: turnId, member_id: actor.id, number: rank, document_id: each.id, version_id: each.versionId, chunk_ordinal: 0, title: each.title, text: each.text, text_sha256: each.sha256,
    place: JSON.stringify({ from: { block: 0, offset: 0 }, to: { block: 0, offset: each.text.length }, headings: [] }), scores: JSON.stringify({ lexical: 1, semantic: null, fused: 1 }), cited: true,
  });
  const rows = [
    ...turns.flatMap(({ id, document }) => (document === null ? built.documents.map((each) => evidence(id, each.number + 1, each)) : [evidence(id, 1, document)])),
    ...followUps.filter(({ step }) => step === 0).map(({ id, document }) => evidence(id, 1, document)),
  ];
  await tx.insertInto('evidence').values(rows).execute();
  for (const { id, document } of turns) if (document !== null) built.turnIds.set(`${number} ${document.number}`, id);
  for (const row of rows.slice(0, last)) built.evidenceIds.set(`${number} ${built.documents.findIndex((each) => each.id === row.document_id)}`, row.id);
}

async function takeEffect(tx: Tx, { world, visitors, documents, collectionIds, groupIds, grantIds }: Built): Promise<void> {
  const everyone = await everyoneId(tx);
  const ends = { none: null, past: new Date(Date.now() - hour), future: new Date(Date.now() + hour) };
  await tx.deleteFrom('grants').execute();
  const grants = world.grants.map(({ to, ...grant }, number) => ({
    id: grantIds[number] ?? '', collection_id: collectionIds[grant.collection] ?? '', document_id: grant.document === null ? null : (documents[grant.document]?.id ?? ''),
    member_id: to.kind === 'member' ? (visitors[to.index]?.actor.id ?? '') : null,
    group_id: to.kind === 'member' ? null : to.kind === 'everyone' ? everyone : (groupIds[to.index] ?? ''),
    permission: grant.permission, expires_at: ends[grant.end],
  }));
  if (grants.length > 0) await tx.insertInto('grants').values(grants).execute();
  const marked = (mark: 'restricted' | 'deleted'): string[] => documents.filter(({ number }) => world.documents[number]?.[mark]).map(({ id }) => id);
  await sql`update documents set restricted = id = any(${marked('restricted')}::uuid[]), deleted_at = case when id = any(${marked('deleted')}::uuid[]) then now() end
    where id = any(${[...marked('restricted'), ...marked('deleted')]}::uuid[])`.execute(tx);
}

async function disable({ world, visitors }: Built): Promise<void> {
  const ids = visitors.filter(({ number }) => world.members[number]?.disabled).map(({ actor }) => actor.id);
  if (ids.length === 0) return;
  await transaction(signInActor, (tx) => tx.updateTable('members').set({ disabled_at: new Date() }).where('id', 'in', ids).execute());
}
