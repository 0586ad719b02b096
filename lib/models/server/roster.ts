/**
 * Which loaded model serves which role now, and changing that while requests run: load the new one, switch, let the old
 * one finish, free it. All changes happen one after the other.
 */
import { Problem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';
import { findRegistered } from '../registry.ts';
import { modelRoles, type ModelRole } from '../types.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { pick, type Choices } from './choices.ts';
import { loadEmbedder, type Embedder } from './embedder.ts';
import { loadGenerator, type Generator } from './generator.ts';
import { loadReranker, type Reranker } from './reranker.ts';
import type { Loadable, Machine, Serving } from './serving.ts';

const log = logger('models');

type ServingOf = { generator: Generator; embedder: Embedder; reranker: Reranker };
/** What is known of a role; `serving` may be there while `loading` names its successor. */
export type Post = Readonly<{ serving: Serving | null; chosen: boolean; loading: string | null; problem: Problem | null }>;

const empty: Post = { serving: null, chosen: false, loading: null, problem: null };

export class Roster {
  readonly #catalogue: Catalogue;
  readonly #choices: Choices;
  readonly #machine: Machine;
  readonly #posts: Record<ModelRole, Post> = { generator: empty, embedder: empty, reranker: empty };
  readonly #serving: { [Role in ModelRole]?: ServingOf[Role] } = {};
  /** `role sha256` -> why it failed, so that a pick goes on to the next file instead of failing for ever. */
  readonly #failed = new Map<string, Problem>();
  readonly #retiring = new Set<Promise<void>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: { catalogue: Catalogue; choices: Choices; machine: Machine }) {
    this.#catalogue = parts.catalogue;
    this.#choices = parts.choices;
    this.#machine = parts.machine;
  }

  post(role: ModelRole): Post {
    return this.#posts[role];
  }

  /** Why loading this file failed, in whichever role. */
  failure(entry: CatalogueEntry): Problem | undefined {
    return modelRoles.map((role) => this.#failed.get(`${role} ${entry.sha256}`)).find((problem) => problem !== undefined);
  }

  /** The model of a role. Throws `model-unavailable` with the reason when there is none, or when another one is asked for by name. */
  serving<Role extends ModelRole>(role: Role, wanted: string): ServingOf[Role] {
    const serving = this.#serving[role];
    if (serving === undefined) throw new Problem('model-unavailable', { detail: `No model serves the role ${role} now.${this.#reason(role)}` });
    // Vectors and answers of another model must never pass as those of the model that was asked for.
    if (wanted !== role && wanted !== serving.source.id) {
      throw new Problem('model-unavailable', { detail: `The model asked for does not serve the role ${role}; "${serving.source.id}" does.` });
    }
    return serving;
  }

  #reason(role: ModelRole): string {
    const { loading, problem } = this.#posts[role];
    if (loading !== null) return ` ${loading} is being loaded.`;
    return problem === null ? '' : ` ${problem.message}`;
  }

  /** Looks at the folder and brings every role in line with it and with what was chosen. */
  reconcile(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#catalogue.refresh();
      for (const role of modelRoles) await this.#settle(role);
    });
  }

  /** An admin's choice. Answers when the model serves; throws the reason and changes nothing when it cannot. */
  choose(role: ModelRole, file: string | null): Promise<void> {
    return this.#inTurn(async () => {
      await this.#catalogue.refresh();
      if (file === null) {
        await this.#dismiss(role, { ...empty, chosen: true });
        return this.#choices.write(role, { file: null, sha256: null, chosen: true });
      }
      const entry = this.#catalogue.find(file);
      if (entry === undefined) throw new Problem('not-found', { detail: 'There is no such file in the models folder.' });
      if (entry.problem !== null) throw entry.problem;
      if (!entry.facts?.fits.includes(role)) throw new Problem('model-unsuitable', { detail: `${entry.facts?.name ?? file} cannot serve as ${role}; it fits: ${entry.facts?.fits.join(', ')}.` });
      await this.#employ(role, entry, true);
      await this.#choices.write(role, { file, sha256: entry.sha256, chosen: true });
    });
  }

  /** Back to a pick of our own, as on a first start. Answers when it serves; where no file fits, none does. */
  release(role: ModelRole): Promise<void> {
    return this.#inTurn(async () => {
      await this.#catalogue.refresh();
      await this.#choices.forget(role);
      await this.#settle(role);
    });
  }

  async #settle(role: ModelRole): Promise<void> {
    const choice = await this.#choices.read(role);
    if (choice?.chosen) return this.#settleChosen(role, choice);
    const usable = this.#catalogue.entries.filter((entry) => !this.#failed.has(`${role} ${entry.sha256}`));
    const entry = pick(role, usable, choice);
    if (entry === undefined) return this.#dismiss(role, { ...empty, problem: this.#failureOf(role) });
    await this.#employ(role, entry, false).then(
      () => (entry.sha256 === choice?.sha256 ? undefined : this.#choices.write(role, { file: entry.file, sha256: entry.sha256, chosen: false })),
      () => this.#settle(role),
    );
  }

  /** Why the files that would fit this role failed; null when none did. */
  #failureOf(role: ModelRole): Problem | null {
    return this.#catalogue.entries.map((entry) => this.#failed.get(`${role} ${entry.sha256}`)).find((problem) => problem !== undefined) ?? null;
  }

  async #settleChosen(role: ModelRole, choice: { file: string | null; sha256: string | null }): Promise<void> {
    if (choice.file === null) return this.#dismiss(role, { ...empty, chosen: true });
    const entry = this.#catalogue.find(choice.file);
    const known = this.#failed.get(`${role} ${choice.sha256}`);
    const problem = chosenProblem(choice.file, entry, choice.sha256) ?? known;
    if (problem !== undefined) return this.#dismiss(role, { ...empty, chosen: true, problem });
    if (entry !== undefined) await this.#employ(role, entry, true).catch(() => undefined);
  }

  /** Loads the file for the role unless it serves already. Throws the reason; who served before goes on serving. */
  async #employ(role: ModelRole, entry: CatalogueEntry, chosen: boolean): Promise<void> {
    const before = this.#posts[role];
    const source = before.serving?.source;
    const registered = findRegistered(entry.sha256) !== undefined;
    const trusted = registered || chosen;
    // A choice makes the file's own chat template trusted, and its end no longer so; both take loading it again.
    if (source?.sha256 === entry.sha256 && source.file === entry.file && source.trusted === trusted) {
      this.#posts[role] = { ...before, chosen, problem: null };
      return;
    }
    if (entry.sha256 === null || entry.facts === null) throw new Problem('model-unavailable', { detail: 'The file is still being read. Try again shortly.' });
    this.#posts[role] = { ...before, loading: entry.file };
    try {
      if (!registered) await this.#catalogue.ensureTried(role, { path: entry.path, sha256: entry.sha256 }, this.#machine.threads);
      await this.#load(role, { ...entry, sha256: entry.sha256, facts: entry.facts, trusted });
      this.#failed.delete(`${role} ${entry.sha256}`);
      this.#posts[role] = { serving: this.#serving[role] ?? null, chosen, loading: null, problem: null };
      log.info({ role, file: entry.file, sha256: entry.sha256, chosen }, 'model ready');
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem('model-file-invalid', { cause: error });
      log.warn({ role, file: entry.file, error }, 'model refused');
      this.#failed.set(`${role} ${entry.sha256}`, problem);
      this.#posts[role] = { ...before, loading: null, problem: before.serving === null ? problem : null };
      throw problem;
    }
    this.#retire(before.serving);
  }

  async #load(role: ModelRole, source: Loadable): Promise<void> {
    if (role === 'generator') this.#serving.generator = await loadGenerator(source, this.#machine);
    else if (role === 'embedder') this.#serving.embedder = await loadEmbedder(source, this.#machine);
    else this.#serving.reranker = await loadReranker(source, this.#machine);
  }

  async #dismiss(role: ModelRole, post: Post): Promise<void> {
    const { serving } = this.#posts[role];
    delete this.#serving[role];
    this.#posts[role] = post;
    this.#retire(serving);
  }

  /** In the background: the old model finishes what it accepted. */
  #retire(serving: Serving | null): void {
    if (serving === null) return;
    const done = serving.retire().catch((error: unknown) => log.warn({ error }, 'a model could not be freed')).finally(() => this.#retiring.delete(done));
    this.#retiring.add(done);
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Frees everything; waits for running requests. */
  async close(): Promise<void> {
    await this.#last;
    for (const role of modelRoles) await this.#dismiss(role, empty);
    await Promise.all(this.#retiring);
  }
}

function chosenProblem(file: string, entry: CatalogueEntry | undefined, sha256: string | null): Problem | undefined {
  if (entry === undefined) return new Problem('model-unavailable', { detail: `The chosen file ${file} is not in the models folder.` });
  if (entry.problem !== null) return entry.problem;
  if (entry.sha256 === sha256) return undefined;
  return new Problem('model-unsuitable', { detail: `The file ${file} changed since it was chosen, so it is not used. Choose it again to use it as it is now.` });
}
