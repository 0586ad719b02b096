/**
 * What web and ingest use to reach models: status, chat, embeddings, reranking, and choosing the file of a role.
 * Speaks OpenAI-compatible HTTP to MODELS_URL, which may be our models process or any other server of that kind.
 * Every failure is a `Problem`: `model-unavailable`, `model-busy` or `context-exceeded`.
 */
import { z } from 'zod';
import { env } from '#lib/env.ts';
import { Problem } from '#lib/errors.ts';
import { toModelProblem } from './client-problem.ts';
import type { LocalChat } from './langchain.ts';
import type { ModelChoice } from './model-choice.ts';
import { failureSchema, foreignModelsSchema, modelsStatusSchema, rerankResponseSchema } from './status-schema.ts';
import type { ModelRole, ModelsStatus, RankedPassage, RoleStatus } from './types.ts';

export const clientLimits = {
  /** A status this old is still told without asking again. */
  statusMsMax: 1000,
  statusTimeoutMs: 3000,
  /** To the first byte: a long prompt on few cores waits in a queue before it. */
  chatTimeoutMs: 10 * 60_000,
  embedTimeoutMs: 5 * 60_000,
  /** A search should not hang on its query. */
  queryTimeoutMs: 15_000,
  rerankTimeoutMs: 30_000,
  /** Loading a large model for a role, trial included. */
  roleTimeoutMs: 15 * 60_000,
  textsPerRequest: 64,
};

let remembered: { atMs: number; status: Promise<ModelsStatus> } | undefined;

/**
 * What the model server says about itself, at most a second old. Throws `model-unavailable` when it does not answer.
 * A foreign server is described as far as it tells: its first model is the generator, hashes are unknown.
 */
export function modelsStatus(): Promise<ModelsStatus> {
  const nowMs = performance.now();
  if (remembered === undefined || nowMs - remembered.atMs > clientLimits.statusMsMax) {
    const status = readStatus();
    status.catch(() => {});
    remembered = { atMs: nowMs, status };
  }
  return remembered.status;
}

/** The role's status when a model serves it now, else null. Never throws: use it to choose the way without a model at once. */
export async function findReady(role: ModelRole): Promise<RoleStatus | null> {
  const status = await modelsStatus().catch(() => null);
  return status?.roles[role].state === 'ready' ? status.roles[role] : null;
}

async function readStatus(): Promise<ModelsStatus> {
  const timeoutMs = clientLimits.statusTimeoutMs;
  try {
    return await request(modelsStatusSchema, '/v1/attest/status', { timeoutMs });
  } catch (error) {
    // Other servers answer an unknown address with 404, or with 200 and something else.
    const foreign = error instanceof Problem && (error.code === 'not-found' || error.cause instanceof SyntaxError || error.cause instanceof z.ZodError);
    if (!foreign) throw error;
  }
  return describeForeign((await request(foreignModelsSchema, '/v1/models', { timeoutMs })).data.map((model) => model.id));
}

function describeForeign(ids: readonly string[]): ModelsStatus {
  const { MODELS_EMBEDDER } = env();
  const generator = ids.find((id) => id !== MODELS_EMBEDDER) ?? null;
  const describe = (role: ModelRole, model: string | null): RoleStatus => ({
    role, state: model === null ? 'none' : 'ready', model, file: model, sha256: null, name: model, chosen: false, contextTokens: null,
    dimensions: null, queryPrefix: '', passagePrefix: '', load: null, problem: null,
  });
  return {
    roles: { generator: describe('generator', generator), embedder: describe('embedder', MODELS_EMBEDDER ?? null), reranker: describe('reranker', null) },
    models: [], downloads: [], threads: null, compute: null, managed: false,
  };
}

type RequestOptions = { method?: string; body?: unknown; timeoutMs: number; signal?: AbortSignal | undefined };

async function request<Shape extends z.ZodType>(shape: Shape, path: string, options: RequestOptions): Promise<z.infer<Shape>> {
  const { MODELS_URL, MODELS_KEY } = env();
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await fetch(new URL(path, MODELS_URL), {
      method: options.method ?? 'GET',
      headers: { 'content-type': 'application/json', ...(MODELS_KEY === undefined ? {} : { authorization: `Bearer ${MODELS_KEY}` }) },
      signal: options.signal === undefined ? timeout : AbortSignal.any([options.signal, timeout]),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    if (response.ok) return shape.parse(JSON.parse(text));
    const failure = readFailure(text);
    throw toModelProblem({ status: response.status, code: response.status === 404 ? 'not-found' : failure.code, error: { message: failure.message } });
  } catch (error) {
    throw toModelProblem(error, options.signal);
  }
}

function readFailure(text: string): { message: string; code: unknown } {
  try {
    const { error } = failureSchema.parse(JSON.parse(text));
    return { message: error.message, code: error.code };
  } catch {
    return { message: 'The model server gave an answer that cannot be read.', code: undefined };
  }
}

/** The role's status, or `model-unavailable` with the reason. */
async function needReady(role: ModelRole): Promise<RoleStatus & { model: string }> {
  const found = (await modelsStatus()).roles[role];
  if (found.state === 'ready' && found.model !== null) return { ...found, model: found.model };
  throw new Problem('model-unavailable', { detail: found.problem ?? `No model serves the role ${role} now.` });
}

/** Address and key for OpenAI's client, and nothing of what OPENAI_* variables of the machine may say. */
function configuration() {
  const { MODELS_URL, MODELS_KEY } = env();
  return { apiKey: MODELS_KEY ?? 'none', configuration: { baseURL: new URL('/v1', MODELS_URL).href, organization: null, project: null } };
}

export type ChatOptions = Readonly<{ temperature: number; seed: number; maxTokens: number; stop?: readonly string[] }>;

/** Loaded with the first question to a model: it costs about 90 MB, which a process that finds none ready does without. */
function langchain(): Promise<typeof import('./langchain.ts')> {
  return import('./langchain.ts');
}

/**
 * A LangChain chat model over the generator that serves now, and which file that is. Streams; `response_metadata` of the
 * last piece has `system_fingerprint` (`sha256:...` of the file that really answered), `usage_metadata` the real token counts.
 */
export async function chatModel(options: ChatOptions): Promise<{ chat: LocalChat; generator: RoleStatus }> {
  const generator = await needReady('generator');
  const { managed } = await modelsStatus();
  const { temperature, maxTokens, seed, stop } = options;
  const chat = new (await langchain()).LocalChat({
    ...configuration(),
    // Whoever serves the role at that moment answers, so a switch between status and question loses no question.
    model: managed ? 'generator' : generator.model,
    temperature, maxTokens, streaming: true, streamUsage: true, maxRetries: 0, timeout: clientLimits.chatTimeoutMs,
    modelKwargs: { seed },
    ...(stop === undefined ? {} : { stop: [...stop] }),
  });
  return { chat, generator };
}

export type EmbedOptions = Readonly<{ kind: 'query' | 'passage'; signal?: AbortSignal }>;
export type EmbeddedTexts = Readonly<{ vectors: readonly (readonly number[])[]; embedder: RoleStatus; truncatedCount: number }>;

/**
 * Vectors of length 1, one per text in order, all from the file that `embedder` names. A text beyond the embedder's
 * context is cut there and counted. Empty texts are not allowed. The prefixes the model was trained with are added here.
 */
export async function embed(texts: readonly string[], options: EmbedOptions): Promise<EmbeddedTexts> {
  const embedder = await needReady('embedder');
  const { managed } = await modelsStatus();
  const query = options.kind === 'query';
  const { apiKey, configuration: server } = configuration();
  const embeddings = new (await langchain()).LocalEmbeddings({
    apiKey,
    configuration: { ...server, fetch: (address, request) => fetch(address, { ...request, signal: joinSignals(options.signal, request?.signal) }) },
    model: embedder.model, sha256: embedder.sha256, managed, batchSize: clientLimits.textsPerRequest, stripNewLines: false, maxRetries: 0,
    timeout: query ? clientLimits.queryTimeoutMs : clientLimits.embedTimeoutMs,
  });
  options.signal?.throwIfAborted();
  const prefix = query ? embedder.queryPrefix : embedder.passagePrefix;
  const vectors = await embeddings.embedDocuments(texts.map((text) => prefix + text)).catch((error: unknown) => {
    options.signal?.throwIfAborted();
    throw error;
  });
  return { vectors, embedder, truncatedCount: embeddings.truncatedCount };
}

/** LangChain passes no signal on when it embeds; so an abort still ends the request, and frees the model. */
function joinSignals(...signals: readonly (AbortSignal | null | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== null && signal !== undefined));
}

/** All passages with their score from 0 to 1, best first. */
export async function rerank(query: string, passages: readonly string[], signal?: AbortSignal): Promise<RankedPassage[]> {
  const { model } = await needReady('reranker');
  const body = { model, query, documents: passages };
  const { results } = await request(rerankResponseSchema, '/v1/rerank', { method: 'POST', body, timeoutMs: clientLimits.rerankTimeoutMs, signal });
  return results.map(({ index, relevance_score: score }) => ({ index, score }));
}

/**
 * Makes a file serve a role, or none, or one that is picked automatically; resolves when it does. Throws
 * `model-file-invalid`, `model-unsuitable` or `not-found` with a sentence, and then everything stays as it was.
 */
export async function setModelRole(choice: ModelChoice): Promise<ModelsStatus> {
  const status = await request(modelsStatusSchema, '/v1/attest/roles', { method: 'PUT', body: choice, timeoutMs: clientLimits.roleTimeoutMs });
  remembered = { atMs: performance.now(), status: Promise.resolve(status) };
  return status;
}
