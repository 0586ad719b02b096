/** Who stands in a group: brings the rows to what a directory says, and tells the records of it. */
import { sql } from 'kysely';
import type { NewRecord } from '../../audit/append.ts';
import { sqlState, type Tx } from '../../db/transaction.ts';
import { ScimError } from '../error.ts';
import { isObject } from '../filter/evaluate.ts';
import { byClient } from '../records.ts';
import type { ScimClient, ScimObject } from '../types.ts';
import { isId } from '../users/read.ts';
import type { MemberOfGroup } from './row.ts';

/** Ids of members and of groups. */
interface Standing {
  members: Set<string>;
  groups: Set<string>;
}

/** Ids in one record; more make more records. */
const idsPerRecord = 500;
const inACircle = 'ATG01';
const isEveryone = 'ATG02';

/** Puts in and takes out what differs. `taken`: the directory has spoken about the members, not about the name alone. Throws ScimError 'invalidValue' for an id that is nobody's and for groups that would stand inside each other. */
export async function bringTo(tx: Tx, group: { id: string; name: string; client: ScimClient }, { before, after, taken }: { before: readonly MemberOfGroup[]; after: ScimObject; taken: boolean }): Promise<NewRecord[]> {
  const had: Standing = { members: idsOf(before, 'User'), groups: idsOf(before, 'Group') };
  const wants = await resolve(tx, after['members'], had);
  const change = { in: without(wants, had), out: without(had, wants) };
  await addMembers(tx, group.id, [...change.in.members]);
  await removeMembers(tx, group.id, [...change.out.members]);
  await nest(tx, group.id, { inside: [...change.in.groups], outside: [...change.out.groups] });
  if (taken) await takeClaimed(tx, group.id);
  return recordsOf(group, change);
}

function idsOf(list: readonly MemberOfGroup[], type: MemberOfGroup['type']): Set<string> {
  return new Set(list.filter((each) => each.type === type).map((each) => each.value));
}

function without(one: Standing, other: Standing): Standing {
  const difference = (left: Set<string>, right: Set<string>): Set<string> => new Set([...left].filter((id) => !right.has(id)));
  return { members: difference(one.members, other.members), groups: difference(one.groups, other.groups) };
}

/** Tells members from groups: by who is in already, and by asking for the rest. */
async function resolve(tx: Tx, given: ScimObject[string] | undefined, had: Standing): Promise<Standing> {
  const values = (Array.isArray(given) ? given : []).filter(isObject).map((each) => each['value']);
  if (!values.every((value) => typeof value === 'string' && isId(value))) throw unknown(values.find((value) => typeof value !== 'string' || !isId(value)));
  const ids = new Set(values.map((value) => String(value).toLowerCase()));
  const news = [...ids].filter((id) => !had.members.has(id) && !had.groups.has(id));
  const found = news.length === 0 ? [] : (await sql<{ id: string; is_group: boolean }>`
    select id, false as is_group from members where id = any(${news}::uuid[]) and removed_at is null
    union all
    select id, true from groups where id = any(${news}::uuid[])`.execute(tx)).rows;
  const known = new Set(found.map((each) => each.id));
  const missing = news.find((id) => !known.has(id));
  if (missing !== undefined) throw unknown(missing);
  const standing = (had_: Set<string>, isGroup: boolean): Set<string> => new Set([...[...ids].filter((id) => had_.has(id)), ...found.filter((each) => each.is_group === isGroup).map((each) => each.id)]);
  return { members: standing(had.members, false), groups: standing(had.groups, true) };
}

function unknown(value: unknown): ScimError {
  return new ScimError('invalidValue', `There is no user or group ${String(value).slice(0, 100)} to be a member.`);
}

async function addMembers(tx: Tx, groupId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into memberships (member_id, group_id, origin) select id, ${groupId}::uuid, 'scim' from unnest(${ids}::uuid[]) as id on conflict do nothing`.execute(tx);
}

async function removeMembers(tx: Tx, groupId: string, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`delete from memberships where group_id = ${groupId} and member_id = any(${ids}::uuid[])`.execute(tx);
}

/** Members whom a groups claim brought and the directory lists are the directory's from now on: a sign-in does not take them out. */
async function takeClaimed(tx: Tx, groupId: string): Promise<void> {
  await tx.updateTable('memberships').set({ origin: 'scim' }).where('group_id', '=', groupId).where('origin', '=', 'claim').execute();
}

async function nest(tx: Tx, groupId: string, { inside, outside }: { inside: string[]; outside: string[] }): Promise<void> {
  if (outside.length > 0) await tx.deleteFrom('group_nestings').where('outer_group_id', '=', groupId).where('inner_group_id', 'in', outside).execute();
  if (inside.length === 0) return;
  try {
    await tx.insertInto('group_nestings').values(inside.map((id) => ({ inner_group_id: id, outer_group_id: groupId }))).execute();
  } catch (error) {
    const state = sqlState(error);
    if (state !== inACircle && state !== isEveryone) throw error;
    throw new ScimError('invalidValue', 'These groups would stand inside each other.', { cause: error });
  }
}

function recordsOf({ id, name, client }: { id: string; name: string; client: ScimClient }, change: { in: Standing; out: Standing }): NewRecord[] {
  const subject = { kind: 'group', id, name } as const;
  const tell = (event: 'membership.added' | 'membership.removed', { members, groups }: Standing): NewRecord[] => [
    ...inParts([...members]).map((part) => ({ event, subject, details: { ...byClient(client), origin: 'scim', members: part } })),
    ...inParts([...groups]).map((part) => ({ event, subject, details: { ...byClient(client), origin: 'scim', groups: part } })),
  ];
  return [...tell('membership.added', change.in), ...tell('membership.removed', change.out)];
}

function inParts(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / idsPerRecord) }, (_, index) => ids.slice(index * idsPerRecord, (index + 1) * idsPerRecord));
}
