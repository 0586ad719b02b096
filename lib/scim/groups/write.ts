/** What a directory changes about groups. Each change and its records are kept together or not at all. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { scimActor } from '../../actor.ts';
import type { NewRecord } from '../../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../../db/transaction.ts';
import { ScimError } from '../error.ts';
import { appendAll, byClient } from '../records.ts';
import type { ScimClient, ScimObject } from '../types.ts';
import { checkVersion } from '../version.ts';
import { bringTo } from './members.ts';
import { membersOf, needGroup } from './read.ts';
import { attributesOf, groupVersion, type GroupRow } from './row.ts';

/** Runs in the transaction of the change, to make the answer. */
type Present<Result> = (tx: Tx, row: GroupRow) => Promise<Result>;

const nameCharactersMax = 200;

/** Adds a group. Throws ScimError 'uniqueness' where there is one of that name, 'invalidValue'. */
export async function addGroup<Result>(client: ScimClient, attributes: ScimObject, present: Present<Result>): Promise<Result> {
  const named = nameOf(attributes);
  return uniquely(async (tx) => {
    const id = randomUUID();
    await tx.insertInto('groups').values({ id, ...named }).execute();
    const joined = await bringTo(tx, { id, name: named.name, client }, { before: [], after: attributes, taken: true });
    const answer = await present(tx, await needGroup(tx, id, { lock: false }));
    await appendAll(tx, [{ event: 'group.added', subject: { kind: 'group', id, name: named.name }, details: { ...byClient(client), externalId: named.external_id } }, ...joined]);
    return answer;
  });
}

/**
 * Changes a group to what `at.next` makes of its attributes. Nothing is written or recorded where that is what they are.
 * Throws ScimError 'notFound', 'versionDiffers', 'uniqueness' or 'invalidValue'.
 */
export async function changeGroup<Result>(
  client: ScimClient,
  at: { id: string; ifMatch: string | null; next: (attributes: ScimObject) => ScimObject },
  present: Present<Result>,
): Promise<Result> {
  return uniquely(async (tx) => {
    const before = await needGroup(tx, at.id, { lock: true });
    checkVersion(at.ifMatch, groupVersion(before));
    const members = (await membersOf(tx, [before.id])).get(before.id) ?? [];
    const had = attributesOf(before, members);
    const after = at.next(had);
    const named = nameOf(after);
    const moved = await bringTo(tx, { id: before.id, name: named.name, client }, { before: members, after, taken: after['members'] !== had['members'] });
    const isNamedAnew = named.name !== before.name || named.external_id !== before.external_id;
    // Written also when only members changed, so that the group says when it was changed last.
    if (isNamedAnew || moved.length > 0) await tx.updateTable('groups').set(named).where('id', '=', before.id).execute();
    const records = [...(isNamedAnew ? [renamed(client, before, named)] : []), ...moved];
    const answer = await present(tx, await needGroup(tx, before.id, { lock: false }));
    await appendAll(tx, records);
    return answer;
  });
}

/** Removes a group with its memberships and every right it was granted; each right that goes is recorded. Throws ScimError 'notFound' or 'versionDiffers'. */
export async function removeGroup(client: ScimClient, { id, ifMatch }: { id: string; ifMatch: string | null }): Promise<void> {
  await transaction(scimActor, async (tx) => {
    const group = await needGroup(tx, id, { lock: true });
    checkVersion(ifMatch, groupVersion(group));
    const grants = await sql<{ id: string; collection_id: string; document_id: string | null; permission: string }>`
      select id, collection_id, document_id, permission from grants where group_id = ${group.id}`.execute(tx);
    const members = (await membersOf(tx, [group.id])).get(group.id) ?? [];
    await tx.deleteFrom('groups').where('id', '=', group.id).execute();
    const lost: NewRecord[] = grants.rows.map((grant) => ({
      event: 'grant.removed',
      subject: { kind: 'grant', id: grant.id },
      collectionId: grant.collection_id,
      ...(grant.document_id === null ? {} : { documentId: grant.document_id }),
      details: { ...byClient(client), group: group.id, permission: grant.permission, because: 'the group was removed' },
    }));
    await appendAll(tx, [...lost, { event: 'group.removed', subject: { kind: 'group', id: group.id, name: group.name }, details: { ...byClient(client), members: members.length, grants: lost.length } }]);
  });
}

function nameOf({ displayName, externalId }: ScimObject): { name: string; external_id: string | null } {
  const name = typeof displayName === 'string' ? displayName.trim() : '';
  if (name === '') throw new ScimError('invalidValue', 'A group needs a "displayName".');
  if (name.length > nameCharactersMax) throw new ScimError('invalidValue', `"displayName" is longer than ${nameCharactersMax} characters.`);
  return { name, external_id: typeof externalId === 'string' ? externalId : null };
}

function renamed(client: ScimClient, before: GroupRow, after: { name: string; external_id: string | null }): NewRecord {
  const told = ({ name, external_id }: { name: string; external_id: string | null }) => ({ name, externalId: external_id });
  return { event: 'group.changed', subject: { kind: 'group', id: before.id, name: after.name }, details: { ...byClient(client), before: told(before), after: told(after) } };
}

async function uniquely<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> {
  try {
    return await transaction(scimActor, work);
  } catch (error) {
    if (isDuplicate(error)) throw new ScimError('uniqueness', 'Another group has this displayName.', { cause: error });
    throw error;
  }
}
