/**
 * Fetches the default models in the background for roles that nothing serves. Without a network it says so in one
 * sentence and tries again later. What arrives is taken into use by the next look at the folder.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { downloadModel } from '../download.ts';
import type { RegisteredModel } from '../registry.ts';
import type { ModelDownload } from '../types.ts';

const log = logger('downloads');

export type DownloadsOptions = Readonly<{
  folder: string;
  hubUrl: string;
  /** Models still missing, best first; asked again before each download. */
  missing: () => Promise<readonly RegisteredModel[]>;
  /** Called when a file is in place. */
  onArrival: () => Promise<void>;
  signal: AbortSignal;
  retryMs?: number;
}>;

const firstRetryMs = 60_000;
const retryMsMax = 30 * 60_000;

export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #states = new Map<string, ModelDownload>();

  constructor(options: DownloadsOptions) {
    this.#options = options;
  }

  get list(): readonly ModelDownload[] {
    return [...this.#states.values()];
  }

  /** Runs until nothing is missing or the signal aborts. Never throws. */
  async run(): Promise<void> {
    const { signal } = this.#options;
    for (let waitMs = this.#options.retryMs ?? firstRetryMs; !signal.aborted; waitMs = Math.min(waitMs * 2, retryMsMax)) {
      const missing = await this.#options.missing();
      for (const file of this.#states.keys()) if (!missing.some((model) => model.file === file)) this.#states.delete(file);
      if (missing.length === 0) return;
      for (const model of missing) this.#set(model, { state: 'waiting' });
      const results = [];
      for (const model of missing) results.push(await this.#fetch(model));
      if (results.every(Boolean)) continue;
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** True when the file is in place. */
  async #fetch(model: RegisteredModel): Promise<boolean> {
    const { folder, hubUrl, signal } = this.#options;
    try {
      await mkdir(folder, { recursive: true });
      await downloadModel({
        url: hubUrl + model.hubPath,
        file: path.join(folder, model.file),
        sha256: model.sha256,
        bytes: model.bytes,
        signal,
        onProgress: ({ state, bytesDone }) => this.#set(model, { state, bytesDone }),
      });
    } catch (error) {
      if (signal.aborted) return false;
      const problem = error instanceof Problem ? error.message : 'The model could not be stored. Look at the log of the models process.';
      const again = error instanceof Problem && error.code === 'model-unavailable';
      this.#set(model, { state: again ? 'waiting' : 'failed', problem });
      log[again ? 'info' : 'warn']({ file: model.file, ...(again ? {} : { error }) }, problem);
      return false;
    }
    this.#states.delete(model.file);
    log.info({ file: model.file }, 'model downloaded');
    await this.#options.onArrival();
    return true;
  }

  #set(model: RegisteredModel, change: Partial<ModelDownload>): void {
    const { file, role, name, licence, bytes } = model;
    const before = this.#states.get(file) ?? { file, role, name, licence, bytesDone: 0, bytesTotal: bytes, state: 'waiting' as const, problem: null };
    this.#states.set(file, { ...before, problem: null, ...change });
  }
}
