/** What /api/models answers, checked in the browser. */
import { z } from 'zod';
import { modelRoles, type ModelDownload, type ModelFile, type ModelsStatus, type RoleStatus } from '#lib/models/types.ts';

const role = z.enum(modelRoles);

const roleStatus = z.object({
  role,
  state: z.enum(['none', 'loading', 'ready', 'failed']),
  model: z.string().nullable(),
  file: z.string().nullable(),
  sha256: z.string().nullable(),
  name: z.string().nullable(),
  chosen: z.boolean(),
  contextTokens: z.number().nullable(),
  dimensions: z.number().nullable(),
  queryPrefix: z.string(),
  passagePrefix: z.string(),
  load: z.object({ active: z.number(), waiting: z.number(), waitingMax: z.number() }).nullable(),
  problem: z.string().nullable(),
}) satisfies z.ZodType<RoleStatus>;

const modelFile = z.object({
  id: z.string(),
  file: z.string(),
  bytes: z.number(),
  sha256: z.string().nullable(),
  name: z.string(),
  architecture: z.string().nullable(),
  parameters: z.number().nullable(),
  quantisation: z.string().nullable(),
  contextTokens: z.number().nullable(),
  licence: z.string().nullable(),
  registered: z.boolean(),
  fits: z.array(role),
  state: z.enum(['available', 'loading', 'ready', 'failed']),
  problem: z.string().nullable(),
}) satisfies z.ZodType<ModelFile>;

const download = z.object({
  file: z.string(),
  role,
  name: z.string(),
  licence: z.string(),
  bytesDone: z.number(),
  bytesTotal: z.number().nullable(),
  state: z.enum(['waiting', 'downloading', 'verifying', 'failed']),
  problem: z.string().nullable(),
}) satisfies z.ZodType<ModelDownload>;

export const modelsStatus = z.object({
  roles: z.object({ generator: roleStatus, embedder: roleStatus, reranker: roleStatus }),
  models: z.array(modelFile),
  downloads: z.array(download),
  threads: z.number().nullable(),
  compute: z.string().nullable(),
  managed: z.boolean(),
}) satisfies z.ZodType<ModelsStatus>;
