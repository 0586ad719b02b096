/** The status of the models process as it comes over the wire, checked against the types that pages use. */
import { z } from 'zod';
import { modelRoles, type ModelDownload, type ModelFile, type ModelsStatus, type RoleStatus } from './types.ts';

const role = z.enum(modelRoles);
const count = z.number().nonnegative();

const roleStatus: z.ZodType<RoleStatus> = z.object({
  role,
  state: z.enum(['none', 'loading', 'ready', 'failed']),
  model: z.string().nullable(),
  file: z.string().nullable(),
  sha256: z.string().nullable(),
  name: z.string().nullable(),
  chosen: z.boolean(),
  contextTokens: count.nullable(),
  dimensions: count.nullable(),
  queryPrefix: z.string(),
  passagePrefix: z.string(),
  load: z.object({ active: count, waiting: count, waitingMax: count }).nullable(),
  problem: z.string().nullable(),
});

const modelFile: z.ZodType<ModelFile> = z.object({
  id: z.string(),
  file: z.string(),
  bytes: count,
  sha256: z.string().nullable(),
  name: z.string(),
  architecture: z.string().nullable(),
  parameters: count.nullable(),
  quantisation: z.string().nullable(),
  contextTokens: count.nullable(),
  licence: z.string().nullable(),
  registered: z.boolean(),
  fits: z.array(role),
  state: z.enum(['available', 'loading', 'ready', 'failed']),
  problem: z.string().nullable(),
});

const download: z.ZodType<ModelDownload> = z.object({
  file: z.string(),
  role,
  name: z.string(),
  licence: z.string(),
  bytesDone: count,
  bytesTotal: count.nullable(),
  state: z.enum(['waiting', 'downloading', 'verifying', 'failed']),
  problem: z.string().nullable(),
});

export const modelsStatusSchema: z.ZodType<ModelsStatus> = z.object({
  roles: z.object({ generator: roleStatus, embedder: roleStatus, reranker: roleStatus }),
  models: z.array(modelFile),
  downloads: z.array(download),
  threads: count.nullable(),
  compute: z.string().nullable(),
  managed: z.boolean(),
});

/** What any OpenAI-compatible server answers at `/v1/models`, as far as it is needed. */
export const foreignModelsSchema = z.object({ data: z.array(z.object({ id: z.string() })) });

export const rerankResponseSchema = z.object({ results: z.array(z.object({ index: z.int(), relevance_score: z.number() })) });

/** The body of a failure. */
export const failureSchema = z.object({ error: z.object({ message: z.string(), code: z.unknown().optional() }) });
