/**
 * The words for models, shared by the models process, its client and the pages.
 * Plain types only, so that the browser may import them; nothing here knows HTTP or llama.cpp.
 */

/** What a model does for us: write answers, turn text into vectors, or order passages by relevance. */
export const modelRoles = ['generator', 'embedder', 'reranker'] as const;
export type ModelRole = (typeof modelRoles)[number];

/** `available`: on disk, not in use. `failed`: was refused; `problem` says why. */
export type ModelState = 'available' | 'loading' | 'ready' | 'failed';

/** One GGUF file in MODELS_DIR. */
export type ModelFile = Readonly<{
  /** Name used in requests: the file name without `.gguf`. */
  id: string;
  /** File name inside MODELS_DIR. */
  file: string;
  bytes: number;
  /** Hex. Null while it is still being computed. */
  sha256: string | null;
  /** Title from the file's own header, else the id. */
  name: string;
  architecture: string | null;
  /** Number of weights. */
  parameters: number | null;
  /** For example `Q8_0`. */
  quantisation: string | null;
  /** Tokens the model was trained to see at once. */
  contextTokens: number | null;
  /** SPDX name where known: from the registry for a file with a known hash, else from the file's header. */
  licence: string | null;
  /** True when the SHA-256 is one of the registered defaults. */
  registered: boolean;
  /** Roles the file can serve. Empty: none, `problem` says why. */
  fits: readonly ModelRole[];
  state: ModelState;
  /** One calm sentence when the file cannot be used. */
  problem: string | null;
}>;

/** `none`: no file serves this role. */
export type RoleState = 'none' | 'loading' | 'ready' | 'failed';

/** Which file serves a role now. */
export type RoleStatus = Readonly<{
  role: ModelRole;
  state: RoleState;
  /** Model id to send in requests; null when no file serves the role. */
  model: string | null;
  file: string | null;
  /** Null when unknown, for example behind a foreign OpenAI-compatible server. */
  sha256: string | null;
  name: string | null;
  /** True when an admin chose it, false when it was picked by itself. */
  chosen: boolean;
  /** Tokens one request may use in all; null when unknown. */
  contextTokens: number | null;
  /** Length of a vector; embedder only. */
  dimensions: number | null;
  /** Text the embedder wants before a search query; empty when none. */
  queryPrefix: string;
  /** Text the embedder wants before a passage; empty when none. */
  passagePrefix: string;
  /** Requests being worked on and waiting, and the most that may wait. Null when unknown. */
  load: Readonly<{ active: number; waiting: number; waitingMax: number }> | null;
  problem: string | null;
}>;

/** `waiting`: will be tried (again) later; `problem` says why it stopped. */
export type DownloadState = 'waiting' | 'downloading' | 'verifying' | 'failed';

/** One default model on its way. */
export type ModelDownload = Readonly<{
  file: string;
  role: ModelRole;
  name: string;
  licence: string;
  bytesDone: number;
  /** Null until the server said so. */
  bytesTotal: number | null;
  state: DownloadState;
  problem: string | null;
}>;

/** Everything the models process says about itself. */
export type ModelsStatus = Readonly<{
  roles: Readonly<Record<ModelRole, RoleStatus>>;
  models: readonly ModelFile[];
  downloads: readonly ModelDownload[];
  /** Threads used for inference; null when unknown. */
  threads: number | null;
  /** `cpu`, `cuda`, `metal` or `vulkan`; null when unknown or not loaded yet. */
  compute: string | null;
  /** False when MODELS_URL answers but is another OpenAI-compatible server: roles cannot be changed there. */
  managed: boolean;
}>;

/** A passage's place in the list given to `rerank`, best first. */
export type RankedPassage = Readonly<{ index: number; score: number }>;
