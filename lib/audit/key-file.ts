/** The file that holds the signing key of the log, readable by its owner alone. It is made once and never replaced here. */
import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { env } from '../env.ts';
import { CheckpointError, makeSigningKey, readSigningKey, type SigningKey } from './checkpoint.ts';
import { fileCode, keyUnreadable, keyWrong } from './signing-problem.ts';

/** Where key and checkpoints are kept. */
export interface SigningFiles {
  key: string;
  checkpoints: string;
}

/** The files of the configuration. */
export function signingFiles(): SigningFiles {
  const folder = path.join(env().DATA_DIR, 'audit');
  return { key: env().AUDIT_KEY_FILE ?? path.join(folder, 'signing-key'), checkpoints: env().AUDIT_CHECKPOINTS_FILE ?? path.join(folder, 'checkpoints') };
}

/** What a new log is called, after the address that people use. `since` tells it from the log before it. */
export function logName(since?: string): string {
  const name = `${new URL(env().ATTEST_URL).host}/log`;
  return since === undefined ? name : `${name}/${since}`;
}

/** The key in that file; null where there is no file. Throws SigningProblem 'key-unreadable' or 'key-wrong'. */
export async function readKeyFile(file: string): Promise<SigningKey | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (fileCode(error) === 'ENOENT') return null;
    throw keyUnreadable(fileCode(error), error);
  }
  try {
    return readSigningKey(text);
  } catch (error) {
    if (error instanceof CheckpointError) throw keyWrong(error);
    throw error;
  }
}

/**
 * Makes a key in a file that is not there yet, and returns it with whether it was this call that made it: of two calls
 * at once one makes it and both get it. Throws SigningProblem.
 */
export async function makeKeyFile(file: string, name: string): Promise<{ key: SigningKey; made: boolean }> {
  const key = makeSigningKey(name);
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'wx', 0o600);
    await handle.writeFile(`${key.text}\n`).then(() => handle.sync()).finally(() => handle.close());
    await chmod(draft, 0o600);
    // Unlike a rename this fails where the file is there already.
    await link(draft, file);
    return { key, made: true };
  } catch (error) {
    if (fileCode(error) !== 'EEXIST') throw keyUnreadable(fileCode(error), error);
    const other = await readKeyFile(file);
    if (other === null) throw keyUnreadable('ENOENT', error);
    return { key: other, made: false };
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}
