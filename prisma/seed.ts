/**
 * Fills an installation with the demo company of prisma/demo/company.ts, the way people would: members and groups as
 * sign-in writes them, everything else as the company's admin, through the same functions that the pages use.
 * Safe to repeat: what is there stays as it is, what is missing is added. It does not wait for ingestion.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { seedActor, type MemberActor } from '#lib/actor.ts';
import { appendRecord } from '#lib/audit/append.ts';
import { addGrant } from '#lib/collections/grants.ts';
import { listCollections } from '#lib/collections/read.ts';
import { addCollection } from '#lib/collections/write.ts';
import { saveExamples } from '#lib/conversations/examples.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { uploadDocument } from '#lib/documents/write.ts';
import { env } from '#lib/env.ts';
import { isProblem } from '#lib/errors.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { logger } from '#lib/log.ts';
import { collections, documents, groups, members, questions, type DemoCollection, type DemoDocument, type DemoGroup } from './demo/company.ts';

const log = logger('seed');
const filesFolder = path.join(import.meta.dirname, 'demo/files');
/** The setting that says the demo company is complete; what people delete afterwards does not come back. */
const setting = 'demo.seeded';

interface People {
  admin: MemberActor;
  /** Ids by e-mail address. */
  members: ReadonlyMap<string, string>;
  groups: ReadonlyMap<DemoGroup, string>;
}

/** Puts the demo company in place. Does nothing when it was complete once; continues where an earlier run ended. */
export async function seedDemo(): Promise<void> {
  const people = await transaction(seedActor, seedPeople);
  if (await isComplete(people.admin)) return;
  const ids = await seedCollections(people);
  let added = 0;
  for (const document of inOrderOfNeed(documents)) {
    const collectionId = ids.get(document.collection);
    if (collectionId === undefined) throw new Error(`The demo document ${document.file} names no collection.`);
    added += await seedDocument(people.admin, collectionId, document);
  }
  await noteComplete(people.admin);
  await closeQueue();
  log.info({ documents: documents.length, added }, 'demo company in place');
}

async function isComplete(admin: MemberActor): Promise<boolean> {
  const found = await transaction(admin, (tx) => tx.selectFrom('settings').select('name').where('name', '=', setting).executeTakeFirst());
  return found !== undefined;
}

async function noteComplete(admin: MemberActor): Promise<void> {
  const nameOf = new Map(collections.map(({ slug, name }) => [slug, name]));
  await transaction(admin, async (tx) => {
    await saveExamples(tx, questions.map(({ question, collections: slugs }) => ({ question, collectionNames: slugs.map((slug) => nameOf.get(slug) ?? slug) })));
    await tx.insertInto('settings').values({ name: setting, value: 'true', changed_by: admin.id }).onConflict((conflict) => conflict.doNothing()).execute();
    await appendRecord(tx, admin, { event: 'settings.changed', subject: { kind: 'setting', id: setting }, details: { before: null, after: true } });
  });
}

async function seedPeople(tx: Tx): Promise<People> {
  const groupIds = new Map<DemoGroup, string>();
  for (const group of groups) groupIds.set(group.slug, await keepGroup(tx, group.name, group.slug === 'everyone'));
  const memberIds = new Map<string, string>();
  let admin: MemberActor | undefined;
  for (const member of members) {
    const id = await keepMember(tx, member);
    memberIds.set(member.email, id);
    if (member.role === 'admin') admin = { kind: 'member', id, name: member.name, email: member.email, role: 'admin' };
    const joined = member.groups.filter((slug) => slug !== 'everyone').flatMap((slug) => groupIds.get(slug) ?? []);
    for (const groupId of joined) {
      await tx.insertInto('memberships').values({ member_id: id, group_id: groupId }).onConflict((conflict) => conflict.doNothing()).execute();
    }
  }
  if (admin === undefined) throw new Error('The demo company has no admin.');
  return { admin, members: memberIds, groups: groupIds };
}

/** The group of everyone is there already, whatever it is called. */
async function keepGroup(tx: Tx, name: string, everyone: boolean): Promise<string> {
  const known = await tx.selectFrom('groups').select('id').where((of) => (everyone ? of('everyone', '=', true) : of('name', '=', name))).executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = randomUUID();
  await tx.insertInto('groups').values({ id, name, everyone }).execute();
  await appendRecord(tx, seedActor, { event: 'group.added', subject: { kind: 'group', id, name } });
  return id;
}

async function keepMember(tx: Tx, { email, name, role }: (typeof members)[number]): Promise<string> {
  const known = await tx.selectFrom('members').select('id').where('email', '=', email).executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = randomUUID();
  await tx.insertInto('members').values({ id, email, name, role }).execute();
  await appendRecord(tx, seedActor, { event: 'member.added', memberId: id, subject: { kind: 'member', id, name }, details: { role } });
  return id;
}

/** Ids of the collections by slug. */
async function seedCollections(people: People): Promise<Map<string, string>> {
  const known = new Map((await listCollections(people.admin)).map((row) => [row.name, row.id]));
  const ids = new Map<string, string>();
  for (const { slug, name, description, grants } of collections) {
    const id = known.get(name) ?? (await addCollection(people.admin, { name, description })).id;
    ids.set(slug, id);
    for (const grant of grants) await seedGrant(people, id, grant);
  }
  return ids;
}

async function seedGrant(people: People, collectionId: string, grant: DemoCollection['grants'][number]): Promise<void> {
  const id = 'group' in grant ? people.groups.get(grant.group) : people.members.get(grant.member);
  if (id === undefined) throw new Error('A grant of the demo company names nobody.');
  const to = { kind: 'group' in grant ? ('group' as const) : ('member' as const), id };
  await unlessThere(() => addGrant(people.admin, collectionId, { to, permission: grant.right, expiresAt: null, documentId: null }));
}

/** Documents that the example questions need come first, so that those can be asked before all is read. */
function inOrderOfNeed(all: readonly DemoDocument[]): DemoDocument[] {
  const firstNeed = new Map<string, number>();
  for (const [index, question] of questions.entries()) if (!firstNeed.has(question.answeredBy)) firstNeed.set(question.answeredBy, index);
  return all.toSorted((one, other) => (firstNeed.get(one.file) ?? Infinity) - (firstNeed.get(other.file) ?? Infinity) || one.file.localeCompare(other.file));
}

/** How many documents were added: 1, or 0 when the file is in the collection already. */
async function seedDocument(admin: MemberActor, collectionId: string, document: DemoDocument): Promise<number> {
  const file = path.join(filesFolder, document.file);
  const upload = { fileName: path.basename(file), title: document.title, bytesMax: env().UPLOAD_BYTES_MAX };
  return (await unlessThere(() => uploadDocument(admin, collectionId, { ...upload, body: createReadStream(file) }))) ? 1 : 0;
}

async function unlessThere(add: () => Promise<unknown>): Promise<boolean> {
  try {
    await add();
    return true;
  } catch (error) {
    if (isProblem(error, 'already-exists')) return false;
    throw error;
  }
}
