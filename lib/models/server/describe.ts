/** What the models process says about itself: the status in our words, and the list in OpenAI's. */
import { findRegistered } from '../registry.ts';
import { modelRoles, type ModelFile, type ModelRole, type ModelsStatus, type RoleStatus } from '../types.ts';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import type { Downloads } from './downloads.ts';
import type { Roster } from './roster.ts';

export type Described = Readonly<{ catalogue: Catalogue; roster: Roster; downloads: Downloads; threads: number }>;

export function describeStatus({ catalogue, roster, downloads, threads }: Described): ModelsStatus {
  const describe = (role: ModelRole) => describeRole(role, roster);
  const compute = modelRoles.map((role) => roster.post(role).serving?.compute).find((name) => name !== undefined) ?? null;
  return {
    roles: { generator: describe('generator'), embedder: describe('embedder'), reranker: describe('reranker') },
    models: catalogue.entries.map((entry) => describeFile(entry, roster)),
    downloads: downloads.list,
    threads,
    compute,
    managed: true,
  };
}

function describeRole(role: ModelRole, roster: Roster): RoleStatus {
  const { serving, chosen, loading, problem } = roster.post(role);
  const registered = findRegistered(serving?.source.sha256 ?? null);
  const idle = loading !== null ? 'loading' : problem !== null ? 'failed' : 'none';
  return {
    role,
    state: serving === null ? idle : 'ready',
    model: serving?.source.id ?? null,
    file: serving?.source.file ?? loading,
    sha256: serving?.source.sha256 ?? null,
    name: serving === null ? null : (registered?.name ?? serving.source.facts.name ?? serving.source.id),
    chosen,
    contextTokens: serving?.contextTokens ?? null,
    dimensions: serving?.dimensions ?? null,
    queryPrefix: registered?.queryPrefix ?? '',
    passagePrefix: registered?.passagePrefix ?? '',
    load: serving?.load ?? null,
    problem: problem?.message ?? null,
  };
}

function describeFile(entry: CatalogueEntry, roster: Roster): ModelFile {
  const registered = findRegistered(entry.sha256);
  const posts = modelRoles.map((role) => roster.post(role));
  const problem = entry.problem ?? roster.failure(entry) ?? null;
  const ready = posts.some((post) => post.serving?.source.file === entry.file);
  const loading = posts.some((post) => post.loading === entry.file);
  return {
    id: entry.id,
    file: entry.file,
    bytes: entry.bytes,
    sha256: entry.sha256,
    name: registered?.name ?? entry.facts?.name ?? entry.id,
    architecture: entry.facts?.architecture ?? null,
    parameters: entry.facts?.parameters ?? null,
    quantisation: entry.facts?.quantisation ?? null,
    contextTokens: entry.facts?.contextTokens ?? null,
    licence: registered?.licence ?? entry.facts?.licence ?? null,
    registered: registered !== undefined,
    fits: entry.facts?.fits ?? [],
    state: ready ? 'ready' : loading ? 'loading' : problem !== null ? 'failed' : 'available',
    problem: problem?.message ?? null,
  };
}

/** `GET /v1/models`: OpenAI's fields first, ours beside them. */
export function listModels(described: Described): unknown {
  const { models, downloads } = describeStatus(described);
  const changed = new Map(described.catalogue.entries.map((entry) => [entry.file, Math.floor(entry.changedMs / 1000)]));
  return { object: 'list', data: models.map((model) => ({ ...model, object: 'model', created: changed.get(model.file) ?? 0, owned_by: 'local' })), downloads };
}
