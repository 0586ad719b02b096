/**
 * Which GGUF files lie in MODELS_DIR and what each is: size, SHA-256, facts from its header. A hash is computed once per
 * size and time of change and remembered in a file beside the models. Never looks at a `.part`.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { readGgufHeader } from '../gguf.ts';
import { hashFile } from '../hash.ts';
import { readFacts, type ModelFacts } from '../model-facts.ts';
import { modelRoles, type ModelRole } from '../types.ts';
import { readJson, writeJson } from './json-file.ts';
import { tryModel } from './trial.ts';

const log = logger('models');

export type CatalogueEntry = Readonly<{
  id: string;
  file: string;
  path: string;
  bytes: number;
  changedMs: number;
  sha256: string | null;
  facts: ModelFacts | null;
  /** Why no role can use it. */
  problem: Problem | null;
}>;

const remembered = z.object({
  hashes: z.record(z.string(), z.object({ bytes: z.number(), changedMs: z.number(), sha256: z.string() })).default({}),
  /** SHA-256 and role -> `passed`, or the sentence of the refusal. */
  trials: z.record(z.string(), z.partialRecord(z.enum(modelRoles), z.string())).default({}),
});
type Remembered = z.infer<typeof remembered>;

/** A file changed this recently may still be growing: it is looked at when it has been still for so long. */
const stillMsMin = 1500;

export class Catalogue {
  readonly #folder: string;
  readonly #memoryFile: string;
  #remembered: Remembered | undefined;
  #entries: readonly CatalogueEntry[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    this.#memoryFile = path.join(folder, '.catalogue.json');
  }

  get entries(): readonly CatalogueEntry[] {
    return this.#entries;
  }

  find(file: string): CatalogueEntry | undefined {
    return this.#entries.find((entry) => entry.file === file);
  }

  /** Looks at the folder again; unchanged files cost one stat each. Files are listed at once and hashed one after the other. */
  async refresh(): Promise<void> {
    const known = new Map(this.#entries.map((entry) => [entry.file, entry]));
    const names = (await readdir(this.#folder).catch(() => [])).filter((name) => /\.gguf$/i.test(name) && !name.startsWith('.')).sort();
    const found = await Promise.all(names.map((name) => this.#look(name, known.get(name))));
    this.#entries = found.filter((entry) => entry !== undefined);
    for (const entry of this.#entries) {
      if (entry.sha256 !== null || entry.problem !== null) continue;
      await this.#addHash(entry);
    }
  }

  async #look(file: string, known: CatalogueEntry | undefined): Promise<CatalogueEntry | undefined> {
    const place = path.join(this.#folder, file);
    const facts = await stat(place).catch(() => undefined);
    if (!facts?.isFile()) return undefined;
    if (known?.bytes === facts.size && known.changedMs === facts.mtimeMs) return known;
    if (Date.now() - facts.mtimeMs < stillMsMin && Date.now() >= facts.mtimeMs) return known;
    const base = { id: file.replace(/\.gguf$/i, ''), file, path: place, bytes: facts.size, changedMs: facts.mtimeMs, sha256: null };
    try {
      const read = readFacts(await readGgufHeader(place));
      return { ...base, facts: read, problem: read.problem === null ? null : new Problem('model-unsuitable', { detail: read.problem }) };
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('model-file-invalid', { detail: 'The model file cannot be read.', cause: error });
      log.warn({ file, code: problem.code }, problem.message);
      return { ...base, facts: null, problem };
    }
  }

  async #addHash(entry: CatalogueEntry): Promise<void> {
    const memory = await this.#memory();
    const before = memory.hashes[entry.file];
    const same = before?.bytes === entry.bytes && before.changedMs === entry.changedMs;
    const sha256 = same ? before.sha256 : await hashFile(entry.path).catch(() => null);
    if (sha256 === null) return;
    this.#entries = this.#entries.map((other) => (other === entry ? { ...entry, sha256 } : other));
    if (same) return;
    memory.hashes[entry.file] = { bytes: entry.bytes, changedMs: entry.changedMs, sha256 };
    await this.#save();
  }

  /** Tries the file in a child process unless it already passed. Throws the `Problem` of its refusal. */
  async ensureTried(role: ModelRole, entry: { path: string; sha256: string }, threads: number): Promise<void> {
    const memory = await this.#memory();
    const result = memory.trials[entry.sha256]?.[role];
    if (result === 'passed') return;
    if (result !== undefined) throw new Problem('model-file-invalid', { detail: result });
    const refusal = await tryModel(role, entry.path, threads);
    // Too little memory is no property of the file, so it is not remembered.
    if (refusal?.code === 'model-unsuitable') throw refusal;
    memory.trials[entry.sha256] = { ...memory.trials[entry.sha256], [role]: refusal?.message ?? 'passed' };
    await this.#save();
    if (refusal !== undefined) throw refusal;
  }

  async #memory(): Promise<Remembered> {
    this.#remembered ??= await readJson(this.#memoryFile, remembered, { hashes: {}, trials: {} });
    return this.#remembered;
  }

  /** A folder that cannot be written costs the hashes again at the next start, nothing else. */
  async #save(): Promise<void> {
    await writeJson(this.#memoryFile, this.#remembered).catch(() => log.debug('the models folder cannot be written'));
  }
}
