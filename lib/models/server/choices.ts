/** Which file serves which role: what an admin chose, and what was picked by itself, kept in MODELS_DIR/roles.json. */
import path from 'node:path';
import { z } from 'zod';
import { Problem } from '#lib/errors.ts';
import { findRegistered } from '../registry.ts';
import { modelRoles, type ModelRole } from '../types.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { readJson, writeJson } from './json-file.ts';

const choice = z.object({
  /** Null: nothing shall serve this role. */
  file: z.string().nullable(),
  /** The bytes that were chosen; a file that changed afterwards is not used. */
  sha256: z.string().nullable(),
  chosen: z.boolean(),
});
export type Choice = z.infer<typeof choice>;
const stored = z.partialRecord(z.enum(modelRoles), choice);

export class Choices {
  readonly #file: string;
  #stored: z.infer<typeof stored> | undefined;

  constructor(folder: string) {
    this.#file = path.join(folder, 'roles.json');
  }

  async read(role: ModelRole): Promise<Choice | undefined> {
    this.#stored ??= await readJson(this.#file, stored, {});
    return this.#stored[role];
  }

  /** Throws `disk-full` when an admin's choice could not be kept; a pick of our own is only forgotten. */
  async write(role: ModelRole, made: Choice): Promise<void> {
    this.#stored = { ...(this.#stored ?? (await readJson(this.#file, stored, {}))), [role]: made };
    await this.#keep().catch((error: unknown) => {
      if (made.chosen) throw error;
    });
  }

  async #keep(): Promise<void> {
    await writeJson(this.#file, this.#stored).catch((cause: unknown) => {
      throw new Problem('disk-full', { detail: 'The choice holds until the next start only: the models folder cannot be written.', cause });
    });
  }

  /** Back to as if nobody had chosen. Throws `disk-full` as above. */
  async forget(role: ModelRole): Promise<void> {
    const { [role]: forgotten, ...rest } = this.#stored ?? (await readJson(this.#file, stored, {}));
    this.#stored = rest;
    if (forgotten !== undefined) await this.#keep();
  }
}

/**
 * The file that serves `role` when nobody chose: the one picked before while it is there unchanged (vectors must not change
 * their meaning by themselves), else the first registered default, else the first fitting file by name.
 */
export function pick(role: ModelRole, entries: readonly CatalogueEntry[], before: Choice | undefined): CatalogueEntry | undefined {
  const fitting = entries.filter((entry) => entry.problem === null && entry.sha256 !== null && entry.facts?.fits.includes(role));
  const same = fitting.find((entry) => entry.file === before?.file && entry.sha256 === before.sha256);
  return same ?? fitting.find((entry) => findRegistered(entry.sha256)?.role === role) ?? fitting[0];
}
