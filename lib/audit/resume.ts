/**
 * Starts the log anew with a key of its own, after an operator has looked into why it is not signed. What was signed
 * before stays: the former key and file are kept beside, and the record of the new beginning names them and the reason.
 * Called again after a kill at any step it finishes what was begun.
 */
import { link, rename, rm } from 'node:fs/promises';
import { ingestActor } from '../actor.ts';
import { lock } from '../db/lock.ts';
import { transaction } from '../db/transaction.ts';
import { appendRecord } from './append.ts';
import { lastInFile } from './checkpoint-file.ts';
import { readVerifyingKey, type Checkpoint } from './checkpoint.ts';
import { logName, makeKeyFile, readKeyFile, type SigningFiles } from './key-file.ts';
import { compareLog, readKnownKey, signingLock, takeKey, type KnownKey } from './sign.ts';
import { endedByNewKey, fileCode, SigningProblem } from './signing-problem.ts';

export interface Resumed {
  verifier: string;
  /** What was signed last before, as far as the former file still says; null: nothing. */
  former: Checkpoint | null;
  /** The file names of the former key and checkpoints end with this. */
  stamp: string;
}

/** Throws SigningProblem where a new key would not help, and a sentence where nothing is wrong. */
export async function startNewKey(files: SigningFiles, reason: string, now: Date = new Date()): Promise<Resumed> {
  const stamp = now.toISOString().replaceAll(/[:.]/g, '-');
  const draft = `${files.key}.new`;
  const known = await readKnownKey();
  const begun = await readKeyFile(draft);
  if (begun === null || known?.verifier !== begun.verifierText) {
    const problem = await findProblem(files);
    const former = await formerCheckpoint(files, known);
    await rm(draft, { force: true });
    const { key } = await makeKeyFile(draft, logName(stamp.slice(0, 10)));
    await transaction(ingestActor, async (tx) => {
      await lock(tx, signingLock);
      await takeKey(tx, key);
      await tx.updateTable('audit_signing').set({ checked_at: now, problem: null, sentence: null }).execute();
      await appendRecord(tx, ingestActor, {
        event: 'signing.resumed',
        subject: { kind: 'setting', id: 'audit' },
        details: { reason, after: problem.code, verifier: key.verifierText, former: { verifier: known?.verifier ?? null, size: former?.size ?? null, root: former?.root.toString('hex') ?? null } },
      });
    });
    await replaceFiles(files, draft, stamp);
    return { verifier: key.verifierText, former, stamp };
  }
  await replaceFiles(files, draft, stamp);
  return { verifier: begun.verifierText, former: null, stamp };
}

async function findProblem(files: SigningFiles): Promise<SigningProblem> {
  try {
    await compareLog(files);
  } catch (error) {
    if (error instanceof SigningProblem && endedByNewKey.includes(error.code)) return error;
    throw error;
  }
  throw new Error('The log is signed and agrees with its checkpoints, so nothing was changed.');
}

async function formerCheckpoint(files: SigningFiles, known: KnownKey | null): Promise<Checkpoint | null> {
  const key = known === null ? await readKeyFile(files.key).catch(() => null) : null;
  const verifier = known?.verifier ?? key?.verifierText;
  return verifier === undefined ? null : lastInFile(files.checkpoints, readVerifyingKey(verifier)).catch(() => null);
}

/** The new key comes last: until then whoever signs finds a key that is not the log's, and signs nothing. */
async function replaceFiles(files: SigningFiles, draft: string, stamp: string): Promise<void> {
  await renameIfThere(files.checkpoints, `${files.checkpoints}.${stamp}`);
  await link(files.key, `${files.key}.${stamp}`).catch(ignore('ENOENT', 'EEXIST'));
  await rename(draft, files.key);
}

async function renameIfThere(from: string, to: string): Promise<void> {
  await rename(from, to).catch(ignore('ENOENT'));
}

function ignore(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(fileCode(error))) throw error;
  };
}
