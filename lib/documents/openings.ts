/**
 * Records that somebody opened a document. No content leaves without such a record: whoever serves content calls
 * `recordOpening` in the same transaction. A page fetches a document in many pieces, so what one member reads of one
 * version within ten minutes counts as one opening; the page itself says when a person opens it anew.
 */
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { readable, type ReadableVersion } from './readable.ts';

const openingMs = 10 * 60_000;
const openingsKept = 10_000;

// Next bundles a module once per route; what was recorded must still be known once per process.
const shared: typeof globalThis & { attestOpenings?: Map<string, number> } = globalThis;
const openings = (): Map<string, number> => (shared.attestOpenings ??= new Map());

/** A person opens the document, or one version of it. Throws Problem: not-found, not-permitted. */
export async function openDocument(actor: MemberActor, documentId: string, versionId?: string): Promise<void> {
  await recording(actor, async (tx) => {
    const version = await readable(tx, documentId, versionId);
    await append(tx, actor, version);
    return { version, result: undefined };
  });
}

/**
 * Runs `read` for a version that the actor may read and records the opening unless one is on record.
 * Throws Problem: not-found, not-permitted, record-not-written.
 */
export async function readContent<Result>(
  actor: MemberActor,
  wanted: { documentId: string; versionId: string },
  read: (tx: Tx, version: ReadableVersion) => Promise<Result>,
): Promise<Result> {
  return recording(actor, async (tx) => {
    const version = await readable(tx, wanted.documentId, wanted.versionId);
    const result = await read(tx, version);
    if (!isOpen(actor, version.id)) await append(tx, actor, version);
    return { version, result };
  });
}

/** Remembers the opening only once its record is committed. */
async function recording<Result>(actor: MemberActor, work: (tx: Tx) => Promise<{ version: ReadableVersion; result: Result }>): Promise<Result> {
  const { version, result } = await transaction(actor, work);
  const open = openings();
  if (!isOpen(actor, version.id)) open.set(keyOf(actor, version.id), Date.now());
  for (const key of open.keys()) {
    if (open.size <= openingsKept) break;
    open.delete(key);
  }
  return result;
}

function isOpen(actor: MemberActor, versionId: string): boolean {
  const at = openings().get(keyOf(actor, versionId));
  return at !== undefined && Date.now() - at < openingMs;
}

function keyOf(actor: MemberActor, versionId: string): string {
  return `${actor.id} ${versionId}`;
}

async function append(tx: Tx, actor: MemberActor, version: ReadableVersion): Promise<void> {
  await appendRecord(tx, actor, {
    event: 'document.opened',
    subject: { kind: 'document', id: version.documentId, name: version.title },
    collectionId: version.collectionId,
    documentId: version.documentId,
    details: { versionId: version.id, version: version.number },
  });
}
