/**
 * The file outside the database that repeats every checkpoint: signed notes one after the other, only ever appended to.
 * A kill or a full disk may leave part of a note behind, which is read over; a note that stands twice is no matter.
 */
import { mkdir, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { CheckpointError, openCheckpoint, type Checkpoint, type VerifyingKey } from './checkpoint.ts';
import { fileCode, fileNotWritten, fileOther, fileUnreadable } from './signing-problem.ts';

/** Enough for some three hundred notes. The newest one stands at the end, and older ones were compared when they were new. */
const tailBytes = 64 * 1024;
const noteLines = 5;

/** The longest log that the file knows of; null where it is empty or not there. Throws SigningProblem. */
export async function lastInFile(file: string, verifier: VerifyingKey): Promise<Checkpoint | null> {
  const notes = notesIn(await readTail(file));
  const opened = notes.flatMap((note) => {
    try {
      return [openCheckpoint(note, verifier)];
    } catch (error) {
      if (error instanceof CheckpointError) return [];
      throw error;
    }
  });
  if (opened.length === 0 && notes.length > 0) throw fileOther();
  return opened.reduce<Checkpoint | null>((longest, checkpoint) => (longest !== null && longest.size > checkpoint.size ? longest : checkpoint), null);
}

/** Whether anything stands in the file. Throws SigningProblem. */
export async function isFileUsed(file: string): Promise<boolean> {
  return (await readTail(file)) !== '';
}

/** Appends notes and returns once they are on the disk. Throws SigningProblem 'file-not-written'. */
export async function appendNotes(file: string, notes: readonly string[]): Promise<void> {
  try {
    const isNew = await stat(file).then(() => false, () => true);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await open(file, 'a', 0o600);
    try {
      // An empty line ends what a write that broke off may have left.
      await handle.appendFile(notes.map((note) => `\n${note}`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (isNew) await flushFolder(path.dirname(file));
  } catch (error) {
    throw fileNotWritten(fileCode(error), error);
  }
}

/** What looks like a note: three lines, an empty one and a signature. */
export function notesIn(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const isNote = line.startsWith('\u2014 ') && lines[at - 1] === '' && at >= noteLines - 1 && at < lines.length - 1;
    return isNote ? [`${lines.slice(at - noteLines + 1, at + 1).join('\n')}\n`] : [];
  });
}

async function readTail(file: string): Promise<string> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const length = Math.min(size, tailBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (fileCode(error) === 'ENOENT') return '';
    throw fileUnreadable(fileCode(error), error);
  }
}

/** A new file survives a power failure only once its folder was flushed. Some systems cannot open a folder; they need no flush. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
