/**
 * A loaded model that turns texts into vectors of length 1. As many contexts as there are threads, one thread each:
 * the library reads one text at a time per context. Knows texts and numbers, no HTTP.
 */
import type { LlamaEmbeddingContext, LlamaModel, Token } from 'node-llama-cpp';
import { Problem } from '#lib/errors.ts';
import { planEncoder } from './context-plan.ts';
import { explain, llama, loadWeights } from './llama.ts';
import type { Loadable, Machine, Serving } from './serving.ts';
import { Slots } from './slots.ts';

export type EmbedJob = Readonly<{ texts: readonly string[]; truncate: boolean; signal: AbortSignal }>;
export type Embedded = Readonly<{ vector: Float32Array; tokens: number; truncated: boolean }>;

/** Texts that may wait: four full requests of ingestion. */
export const textsWaitingMax = 8192;
/** Longest word piece we expect, in characters; text beyond context x this is cut before it is tokenised. */
const charactersPerTokenMax = 32;

/** Loads `source` as an embedder. Throws a `Problem` with a sentence when the file cannot embed. */
export async function loadEmbedder(source: Loadable, machine: Machine): Promise<Embedder> {
  const gpu = (await llama(machine.threads)).gpu !== false;
  const model = await loadWeights(source.path, { threads: machine.threads, bytes: source.bytes });
  try {
    const plan = planEncoder(source.facts, { threads: machine.threads, gpu });
    const contexts: LlamaEmbeddingContext[] = [];
    for (let index = 0; index < plan.sequences; index += 1) {
      contexts.push(await model.createEmbeddingContext({ contextSize: plan.contextTokens, batchSize: plan.batchTokens, ...(gpu ? {} : { threads: plan.threads }) }));
    }
    return new Embedder({ source, model, contexts, contextTokens: plan.contextTokens });
  } catch (error) {
    await model.dispose();
    throw explain(error);
  }
}

type Parts = { source: Loadable; model: LlamaModel; contexts: LlamaEmbeddingContext[]; contextTokens: number };

export class Embedder implements Serving {
  readonly role = 'embedder' as const;
  readonly source: Loadable;
  readonly contextTokens: number;
  readonly dimensions: number;
  readonly compute: string;
  readonly #model: LlamaModel;
  readonly #slots: Slots<LlamaEmbeddingContext>;
  /** Tokens of a text that fit beside the marks for its beginning and end. */
  readonly #textTokensMax: number;

  constructor({ source, model, contexts, contextTokens }: Parts) {
    this.source = source;
    this.#model = model;
    this.contextTokens = contextTokens;
    this.dimensions = model.embeddingVectorSize;
    this.compute = model.llama.gpu === false ? 'cpu' : model.llama.gpu;
    this.#textTokensMax = contextTokens - 1 - (contexts[0]?.calculateInputLength([]) ?? 2);
    this.#slots = new Slots(contexts, textsWaitingMax);
  }

  get load() {
    return this.#slots.load;
  }

  /** One vector per text, in order. Throws `context-exceeded` for a too long text unless `truncate`, `model-busy`, or the abort reason. */
  async embed({ texts, truncate, signal }: EmbedJob): Promise<Embedded[]> {
    const inputs = texts.map((text) => this.#tokenize(text));
    const tooLong = inputs.findIndex((tokens) => tokens.length > this.#textTokensMax);
    if (tooLong >= 0 && !truncate) throw contextExceeded(tooLong, inputs[tooLong]?.length ?? 0, this.#textTokensMax);
    this.#slots.reserve(texts.length);
    // Longest first: the last to finish is then a short one.
    const order = inputs.map((_, index) => index).sort((a, b) => (inputs[b]?.length ?? 0) - (inputs[a]?.length ?? 0));
    const results = new Map<number, Embedded>();
    await Promise.all(order.map(async (index) => results.set(index, await this.#embedOne(inputs[index] ?? [], { signal, first: texts.length === 1 }))));
    return inputs.flatMap((_, index) => results.get(index) ?? []);
  }

  #tokenize(text: string): Token[] {
    return this.#model.tokenize(text.slice(0, this.contextTokens * charactersPerTokenMax));
  }

  async #embedOne(tokens: Token[], options: { signal: AbortSignal; first: boolean }): Promise<Embedded> {
    const kept = tokens.slice(0, this.#textTokensMax);
    const { vector } = await this.#slots.use((context) => context.getEmbeddingFor(kept.slice()), options);
    return { vector: normalise(vector), tokens: kept.length, truncated: kept.length < tokens.length };
  }

  async retire(): Promise<void> {
    await this.#slots.close();
    await this.#model.dispose();
  }
}

/** Scaled to length 1, because llama.cpp gives vectors as the model left them. */
export function normalise(vector: readonly number[]): Float32Array {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) throw new Problem('model-unsuitable', { detail: 'The embedding model gave no usable vector for this text.' });
  return Float32Array.from(vector, (value) => value / length);
}

function contextExceeded(index: number, tokens: number, tokensMax: number): Problem {
  return new Problem('context-exceeded', {
    detail: `Text ${index + 1} of the request takes ${tokens} tokens or more, and the embedding model reads at most ${tokensMax}. Split it, or send "truncate": true.`,
    data: { index, tokens, tokensMax },
  });
}
