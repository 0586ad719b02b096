/**
 * One embedded database per folder: a lock file beside it that names the process holding it.
 * A lock left behind by a killed process is recognised and taken over.
 */
import fs from 'node:fs';

/** What the lock file holds. `started` tells a living process from another one that was given the same id later. */
type Holder = { readonly pid: number; readonly started: string };

/**
 * Takes the lock for this process and returns the function that gives it back.
 * Throws one sentence for people when a living process holds it.
 */
export function takeLock(file: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder);
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, mine);
  try {
    // `link` creates the lock with its contents in one step, so that no reader ever sees it half written.
    if (!linked(draft, file)) {
      const holder = readHolder(file);
      if (holder && isAlive(holder)) {
        throw new Error(`The database folder is already open in process ${holder.pid}. Stop that one first, or choose another DATA_DIR.`);
      }
      fs.rmSync(file, { force: true });
      if (!linked(draft, file)) throw new Error('The database folder was opened by another process at the same moment. Start again.');
    }
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return () => {
    if (readHolder(file)?.pid === process.pid) fs.rmSync(file, { force: true });
  };
}

function linked(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value)) return undefined;
    return { pid: Number(value.pid), started: String(value.started) };
  } catch {
    // Unreadable or half a file: nobody can be holding it, a holder writes it in one step.
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process lives and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return startOf(holder.pid) === holder.started;
}

/** When the process started, as far as the system tells: boot id and start tick on Linux, nothing elsewhere. */
function startOf(pid: number): string {
  try {
    const boot = fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in brackets and may hold anything; the start tick is the 20th field after it.
    return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
  } catch {
    return '';
  }
}
