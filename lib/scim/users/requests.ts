/** What a directory may ask about users, from what it sends to what is answered. It knows no HTTP but the address, for links. */
import { scimActor } from '../../actor.ts';
import { transaction, type Tx } from '../../db/transaction.ts';
import { readResource } from '../input.ts';
import { applyPatch } from '../patching/apply.ts';
import { readOperations } from '../patching/operations.ts';
import { userSchema } from '../schema.ts';
import type { Answered, Asking } from '../requests.ts';
import { needUser, present } from './read.ts';
import { userVersion, type UserRow } from './row.ts';
import { addUser, changeUser } from './write.ts';

export async function getUser(asking: Asking, id: string): Promise<Answered> {
  return transaction(scimActor, async (tx) => answer(asking)(tx, await needUser(tx, id, { lock: false })));
}

export async function postUser(asking: Asking, body: unknown): Promise<Answered> {
  return addUser(asking.client, readResource(userSchema, body), answer(asking));
}

/** Replaces what a directory may write. `active` keeps what it was where it is not named: a routine update enables nobody. */
export async function putUser(asking: Asking, at: { id: string; ifMatch: string | null }, body: unknown): Promise<Answered> {
  const attributes = readResource(userSchema, body);
  return changeUser(asking.client, { ...at, next: () => attributes }, answer(asking));
}

export async function patchUser(asking: Asking, at: { id: string; ifMatch: string | null }, body: unknown): Promise<Answered> {
  const operations = readOperations(body);
  return changeUser(asking.client, { ...at, next: (attributes) => applyPatch(userSchema, attributes, operations) }, answer(asking));
}

function answer({ projection, base }: Asking) {
  return async (tx: Tx, row: UserRow): Promise<Answered> => {
    const [resource = {}] = await present(tx, [row], { projection, base });
    return { resource, version: userVersion(row), location: `${base}/Users/${row.id}` };
  };
}
