/**
 * How many sequences and tokens a model gets on this machine: pure arithmetic over the header's numbers.
 * llama.cpp reserves contextTokens x sequences of key and value memory when a context is made.
 */

export type ContextPlan = Readonly<{ sequences: number; contextTokens: number; batchTokens: number; threads: number }>;

export const planLimits = {
  /** Enough for a dozen passages, a history and an answer; more only costs memory that every sequence reserves. */
  contextTokensMax: 8192,
  contextTokensMin: 2048,
  /** Aggregate speed stops growing at about four streams on a CPU, which is compute-bound by then. */
  sequencesMaxCpu: 4,
  sequencesMaxGpu: 8,
  /** Part of the granted memory that key and value memory may take. */
  cacheShare: 0.25,
  /** Prompt tokens per step. An abort takes effect between steps, so this bounds its latency on a CPU. */
  batchTokensCpu: 256,
  batchTokensGpu: 1024,
  /** Below this many weights one thread is faster than several that wait for each other at every layer (measured: 18x). */
  parametersPerThread: 30_000_000,
};

/** Plan of a generator. `memoryBytes` is what the process was granted. */
export function planGenerator(model: { contextTokens: number | null; cacheBytesPerToken: number; parameters: number | null }, machine: { memoryBytes: number; teamThreads: number; gpu: boolean }): ContextPlan {
  const trained = model.contextTokens ?? planLimits.contextTokensMax;
  const budget = machine.memoryBytes * planLimits.cacheShare;
  let contextTokens = Math.min(trained, planLimits.contextTokensMax);
  let sequences = machine.gpu ? planLimits.sequencesMaxGpu : planLimits.sequencesMaxCpu;
  const tooMuch = () => contextTokens * sequences * model.cacheBytesPerToken > budget;
  while (tooMuch() && sequences > 2) sequences -= 1;
  while (tooMuch() && contextTokens / 2 >= planLimits.contextTokensMin) contextTokens = Math.floor(contextTokens / 2);
  while (tooMuch() && sequences > 1) sequences -= 1;
  const batchTokens = Math.min(contextTokens, machine.gpu ? planLimits.batchTokensGpu : planLimits.batchTokensCpu);
  return { sequences, contextTokens, batchTokens, threads: usefulThreads(model.parameters, machine.teamThreads) };
}

/** Plan of an embedder or reranker: as many contexts of one thread as there are threads (1.7 times one context with all of them). */
export function planEncoder(model: { contextTokens: number | null }, machine: { threads: number; gpu: boolean }): ContextPlan {
  const contextTokens = Math.min(model.contextTokens ?? 512, planLimits.contextTokensMax);
  // Smaller batches would pool only the last part of a longer text, silently.
  return { sequences: machine.gpu ? 1 : machine.threads, contextTokens, batchTokens: contextTokens, threads: 1 };
}

function usefulThreads(parameters: number | null, threads: number): number {
  return parameters === null ? threads : Math.max(1, Math.min(threads, Math.ceil(parameters / planLimits.parametersPerThread)));
}
