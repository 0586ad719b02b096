/** What a directory may ask about groups, from what it sends to what is answered. It knows no HTTP but the address, for links. */
import { scimActor } from '../../actor.ts';
import { transaction, type Tx } from '../../db/transaction.ts';
import { readResource } from '../input.ts';
import { applyPatch } from '../patching/apply.ts';
import { readOperations } from '../patching/operations.ts';
import type { Answered, Asking } from '../requests.ts';
import { groupSchema } from '../schema.ts';
import { needGroup, present } from './read.ts';
import { groupVersion, type GroupRow } from './row.ts';
import { addGroup, changeGroup } from './write.ts';

export async function getGroup(asking: Asking, id: string): Promise<Answered> {
  return transaction(scimActor, async (tx) => answer(asking)(tx, await needGroup(tx, id, { lock: false })));
}

export async function postGroup(asking: Asking, body: unknown): Promise<Answered> {
  return addGroup(asking.client, readResource(groupSchema, body), answer(asking));
}

/** Replaces name and members; a group that names no members has none. */
export async function putGroup(asking: Asking, at: { id: string; ifMatch: string | null }, body: unknown): Promise<Answered> {
  const attributes = readResource(groupSchema, body);
  return changeGroup(asking.client, { ...at, next: () => attributes }, answer(asking));
}

export async function patchGroup(asking: Asking, at: { id: string; ifMatch: string | null }, body: unknown): Promise<Answered> {
  const operations = readOperations(body);
  return changeGroup(asking.client, { ...at, next: (attributes) => applyPatch(groupSchema, attributes, operations) }, answer(asking));
}

function answer({ projection, base }: Asking) {
  return async (tx: Tx, row: GroupRow): Promise<Answered> => {
    const [resource = {}] = await present(tx, [row], { projection, base });
    return { resource, version: groupVersion(row), location: `${base}/Groups/${row.id}` };
  };
}
