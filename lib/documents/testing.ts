/** What tests of documents and of ingestion share: a world of members and collections, and files to upload. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { signInActor, type MemberActor, type Role } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { overrideEnv, scratchFolder } from '../env.ts';

/** A member who may act at once. */
export async function addMember(name: string, role: Role = 'employee'): Promise<MemberActor> {
  const id = randomUUID();
  const actor: MemberActor = { kind: 'member', id, name, email: `${id}@example.test`, role };
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, email: actor.email, name, role }).execute());
  return actor;
}

export interface Rights {
  readers?: readonly MemberActor[];
  editors?: readonly MemberActor[];
}

/** A collection with those rights. Returns its id. */
export async function addCollection(admin: MemberActor, name: string, { readers = [], editors = [] }: Rights = {}): Promise<string> {
  const id = randomUUID();
  const grants = [
    ...readers.map((member) => ({ member, permission: 'read' as const })),
    ...editors.map((member) => ({ member, permission: 'edit' as const })),
  ].map(({ member, permission }) => ({ id: randomUUID(), collection_id: id, member_id: member.id, permission }));
  await transaction(admin, async (tx) => {
    await tx.insertInto('collections').values({ id, name: `${name} ${id.slice(0, 8)}` }).execute();
    if (grants.length > 0) await tx.insertInto('grants').values(grants).execute();
  });
  return id;
}

/** A data folder of its own with its folder of uploaded files; `stop` removes it. */
export async function openTestFiles(): Promise<{ data: string; folder: string; stop: () => Promise<void> }> {
  const data = await mkdtemp(path.join(scratchFolder, 'attest-data-'));
  const folder = path.join(data, 'files');
  overrideEnv({ DATA_DIR: data });
  return { data, folder, stop: () => rm(data, { recursive: true, force: true }) };
}

/** A text file as it would be uploaded. */
export function textUpload(fileName: string, text: string): { fileName: string; body: AsyncIterable<Uint8Array>; bytesMax: number } {
  return { fileName, body: pieces([Buffer.from(text)]), bytesMax: 50_000_000 };
}

/** A body that arrives in these pieces. */
export async function* pieces(parts: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield part;
}
