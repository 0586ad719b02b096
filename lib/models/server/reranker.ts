/** A loaded model that says how well passages answer a query. Contexts as in the embedder. Knows texts and scores, no HTTP. */
import type { LlamaModel, LlamaRankingContext } from 'node-llama-cpp';
import type { RankedPassage } from '../types.ts';
import { planEncoder } from './context-plan.ts';
import { explain, llama, loadWeights } from './llama.ts';
import type { Loadable, Machine, Serving } from './serving.ts';
import { Slots } from './slots.ts';

export type RerankJob = Readonly<{ query: string; passages: readonly string[]; signal: AbortSignal }>;

/** Passages that may wait. */
export const passagesWaitingMax = 1024;

/** Loads `source` as a reranker. Throws a `Problem` with a sentence when the file cannot rank. */
export async function loadReranker(source: Loadable, machine: Machine): Promise<Reranker> {
  const gpu = (await llama(machine.threads)).gpu !== false;
  const model = await loadWeights(source.path, { threads: machine.threads, bytes: source.bytes });
  try {
    // Rerankers with a context of 8,192 tokens would reserve it for every thread; passages are far shorter.
    const plan = planEncoder({ contextTokens: Math.min(source.facts.contextTokens ?? 512, 2048) }, { threads: machine.threads, gpu });
    const contexts: LlamaRankingContext[] = [];
    for (let index = 0; index < plan.sequences; index += 1) {
      contexts.push(await model.createRankingContext({ contextSize: plan.contextTokens, batchSize: plan.batchTokens, ...(gpu ? {} : { threads: plan.threads }) }));
    }
    return new Reranker({ source, model, contexts, contextTokens: plan.contextTokens });
  } catch (error) {
    await model.dispose();
    throw explain(error);
  }
}

type Parts = { source: Loadable; model: LlamaModel; contexts: LlamaRankingContext[]; contextTokens: number };

export class Reranker implements Serving {
  readonly role = 'reranker' as const;
  readonly source: Loadable;
  readonly contextTokens: number;
  readonly dimensions = null;
  readonly compute: string;
  readonly #model: LlamaModel;
  readonly #slots: Slots<LlamaRankingContext>;

  constructor({ source, model, contexts, contextTokens }: Parts) {
    this.source = source;
    this.#model = model;
    this.contextTokens = contextTokens;
    this.compute = model.llama.gpu === false ? 'cpu' : model.llama.gpu;
    this.#slots = new Slots(contexts, passagesWaitingMax);
  }

  get load() {
    return this.#slots.load;
  }

  /** Every passage with its score from 0 to 1, best first. A long passage counts by its best part. */
  async rerank({ query, passages, signal }: RerankJob): Promise<RankedPassage[]> {
    this.#slots.reserve(passages.length);
    // A query that alone fills the context leaves no room for any passage.
    const shortQuery = query.slice(0, this.contextTokens);
    const scored = await Promise.all(passages.map(async (passage, index) => ({
      index,
      score: await this.#slots.use((context) => context.rank(shortQuery, passage, { onOverflow: 'maxChunk' }), { signal }),
    })));
    return scored.sort((a, b) => b.score - a.score || a.index - b.index);
  }

  async retire(): Promise<void> {
    await this.#slots.close();
    await this.#model.dispose();
  }
}
