/**
 * A loaded model that writes. One context with a fixed pool of sequences lives as long as the model; a chat takes a
 * sequence, continues from the prompt tokens the sequence still holds, and gives it back. Knows messages and text, no HTTP.
 */
import {
  GeneralChatWrapper, LlamaChat, resolveChatWrapper, type ChatHistoryItem, type ChatWrapper, type LlamaContext, type LlamaContextSequence,
  type LlamaModel, type Token,
} from 'node-llama-cpp';
import { Problem } from '#lib/errors.ts';
import { planGenerator } from './context-plan.ts';
import { explain, llama, loadWeights } from './llama.ts';
import type { Loadable, Machine, Serving } from './serving.ts';
import { Slots } from './slots.ts';

export type ChatMessage = Readonly<{ role: 'system' | 'user' | 'assistant'; content: string }>;
export type ChatJob = Readonly<{
  messages: readonly ChatMessage[];
  temperature: number;
  topP: number | undefined;
  seed: number;
  maxTokens: number | undefined;
  stop: readonly string[];
  /** Above 0 makes repeating less likely; 0 keeps quotations exact. */
  frequencyPenalty: number;
  presencePenalty: number;
  signal: AbortSignal;
  onStart: () => void;
  onText: (text: string) => void;
}>;
export type ChatOutcome = Readonly<{ finish: 'stop' | 'length'; promptTokens: number; cachedTokens: number; completionTokens: number }>;

/** Questions that may wait for a sequence. Beyond, waiting would take longer than people do. */
export const chatsWaitingMax = 32;

/** Loads `source` as a generator. Throws a `Problem` with a sentence when the file cannot write. */
export async function loadGenerator(source: Loadable, machine: Machine): Promise<Generator> {
  const gpu = (await llama(machine.threads)).gpu !== false;
  const model = await loadWeights(source.path, { threads: machine.threads, bytes: source.bytes });
  try {
    const plan = planGenerator(source.facts, { ...machine, gpu });
    const context = await model.createContext({
      sequences: plan.sequences,
      contextSize: plan.contextTokens,
      batchSize: plan.batchTokens,
      threads: plan.threads,
      // Prompts are read one after the other: eight together otherwise all see their first token last.
      batching: { itemPrioritizationStrategy: 'firstInFirstOut' },
    });
    return new Generator({ source, model, context, wrapper: chooseWrapper(model, source) });
  } catch (error) {
    await model.dispose();
    throw explain(error);
  }
}

/**
 * How a conversation becomes a prompt. The template inside a file is code made by a stranger: for a file that is
 * neither registered nor chosen by an admin the format is taken from the model's family instead.
 */
function chooseWrapper(model: LlamaModel, source: Loadable): ChatWrapper {
  if (!source.facts.hasChatTemplate) return new GeneralChatWrapper();
  // Answers come from documents; reasoning aloud first would only delay them.
  const qwen = { thoughts: 'discourage' as const };
  return resolveChatWrapper(model, {
    warningLogs: false,
    ...(source.trusted ? { customWrapperSettings: { qwen } } : { noJinja: true, customWrapperSettings: { qwen, jinjaTemplate: { template: '' } } }),
  });
}

type Parts = { source: Loadable; model: LlamaModel; context: LlamaContext; wrapper: ChatWrapper };

export class Generator implements Serving {
  readonly role = 'generator' as const;
  readonly source: Loadable;
  readonly contextTokens: number;
  readonly dimensions = null;
  readonly compute: string;
  readonly #model: LlamaModel;
  readonly #wrapper: ChatWrapper;
  readonly #slots: Slots<LlamaContextSequence>;

  constructor({ source, model, context, wrapper }: Parts) {
    this.source = source;
    this.#model = model;
    this.#wrapper = wrapper;
    this.contextTokens = context.contextSize;
    this.compute = model.llama.gpu === false ? 'cpu' : model.llama.gpu;
    this.#slots = new Slots(Array.from({ length: context.totalSequences }, () => context.getSequence()), chatsWaitingMax);
  }

  get load() {
    return this.#slots.load;
  }

  /** Writes an answer. Throws `context-exceeded` before waiting, `model-busy` when too many wait, or the abort reason. */
  async chat(job: ChatJob): Promise<ChatOutcome> {
    const history = toHistory(job.messages);
    const prompt = this.#wrapper.generateContextState({ chatHistory: history }).contextText.tokenize(this.#model.tokenizer);
    // Two cells stay free: at a full context the library would drop the beginning of the conversation without a word.
    const room = this.contextTokens - prompt.length - 2;
    if (room < 1) throw contextExceeded(prompt.length, this.contextTokens);
    return this.#slots.use((sequence) => this.#write(sequence, { job, history, prompt, room }), {
      signal: job.signal,
      prefer: (sequence) => sharedBeginning(sequence.contextTokens, prompt),
    });
  }

  async #write(sequence: LlamaContextSequence, { job, history, prompt, room }: { job: ChatJob; history: ChatHistoryItem[]; prompt: Token[]; room: number }): Promise<ChatOutcome> {
    const before = sequence.tokenMeter.getState();
    const chat = new LlamaChat({ contextSequence: sequence, chatWrapper: this.#wrapper });
    job.onStart();
    try {
      const { metadata } = await chat.generateResponse(history, {
        signal: job.signal,
        maxTokens: Math.min(room, job.maxTokens ?? room),
        temperature: job.temperature,
        seed: job.seed,
        ...(job.topP === undefined ? {} : { topP: job.topP }),
        repeatPenalty: job.frequencyPenalty === 0 && job.presencePenalty === 0
          ? false
          : { penalty: 1, frequencyPenalty: job.frequencyPenalty, presencePenalty: job.presencePenalty },
        customStopTriggers: job.stop,
        budgets: { thoughtTokens: 0 },
        onTextChunk: job.onText,
      });
      const after = sequence.tokenMeter.getState();
      return {
        finish: metadata.stopReason === 'maxTokens' ? 'length' : 'stop',
        promptTokens: prompt.length,
        cachedTokens: Math.max(0, prompt.length - (after.usedInputTokens - before.usedInputTokens)),
        completionTokens: after.usedOutputTokens - before.usedOutputTokens,
      };
    } finally {
      chat.dispose();
    }
  }

  async retire(): Promise<void> {
    await this.#slots.close();
    await this.#model.dispose();
  }
}

function toHistory(messages: readonly ChatMessage[]): ChatHistoryItem[] {
  const history: ChatHistoryItem[] = messages.map(({ role, content }) =>
    role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content });
  return [...history, { type: 'model', response: [] }];
}

function sharedBeginning(held: readonly Token[], prompt: readonly Token[]): number {
  const different = prompt.findIndex((token, index) => held[index] !== token);
  return different < 0 ? prompt.length : different;
}

function contextExceeded(promptTokens: number, contextTokens: number): Problem {
  return new Problem('context-exceeded', {
    detail: `The conversation takes ${promptTokens} tokens, and the model can read ${contextTokens} at once, its answer included. Send less text.`,
    data: { promptTokens, contextTokens },
  });
}
