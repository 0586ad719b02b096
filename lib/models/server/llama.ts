/**
 * The one llama.cpp of this process, and loading a model file into it. Uses only binaries that npm installed:
 * it never builds and never downloads, and falls back to the CPU when no GPU package is there.
 */
import { getLlama, InsufficientMemoryError, LlamaLogLevel, type Llama, type LlamaModel } from 'node-llama-cpp';
import { Problem } from '#lib/errors.ts';
import { logger } from '#lib/log.ts';

const log = logger('llama.cpp');
let shared: Promise<Llama> | undefined;

/** Memory-mapped files can be cut short under our feet, which ends the process; so a file is read into memory up to this size. */
const copiedBytesMax = 4 * 2 ** 30;

/** The shared instance, made at first use so that the process answers before it is there. */
export function llama(threads: number): Promise<Llama> {
  shared ??= getLlama({
    gpu: 'auto',
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.warn,
    logger: (level, message) => log[level === LlamaLogLevel.error || level === LlamaLogLevel.fatal ? 'warn' : 'debug'](message.trim()),
  });
  return shared;
}

/** Frees it; only at the end of the process. */
export async function disposeLlama(): Promise<void> {
  const started = await shared?.catch(() => undefined);
  await started?.dispose();
}

/** Loads the weights. Throws `model-file-invalid` or `model-unsuitable` with a sentence. */
export async function loadWeights(file: string, options: { threads: number; bytes: number }): Promise<LlamaModel> {
  const engine = await llama(options.threads);
  try {
    return await engine.loadModel({ modelPath: file, ...(options.bytes <= copiedBytesMax ? { useMmap: false } : {}) });
  } catch (error) {
    throw explain(error);
  }
}

/** Turns what llama.cpp throws while loading or making a context into a sentence for people. */
export function explain(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InsufficientMemoryError) return new Problem('model-unsuitable', { detail: 'There is not enough memory to load this model. Choose a smaller one.', cause: error });
  return new Problem('model-file-invalid', { detail: 'The model file could not be loaded: llama.cpp refused its contents.', cause: error });
}
