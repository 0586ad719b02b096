/**
 * LangChain's OpenAI-compatible classes, pointed at our models process: no retries, no token counting of their own
 * (it would fetch tables from the network), failures as `Problem`. Nothing here decides which model is used.
 */
import type { CallbackManagerForLLMRun } from '@langchain/core/callbacks/manager';
import type { BaseMessage } from '@langchain/core/messages';
import type { ChatGenerationChunk, ChatResult } from '@langchain/core/outputs';
import { ChatOpenAICompletions, OpenAIEmbeddings, type OpenAIClient } from '@langchain/openai';
import { z } from 'zod';
import { Problem } from '#lib/errors.ts';
import { toModelProblem } from './client-problem.ts';

/** Rough and offline; real counts come with each answer. LangChain's own would download a table for a model of OpenAI's. */
const countRoughly = (content: unknown) => Math.ceil((typeof content === 'string' ? content : JSON.stringify(content)).length / 4);

/** Chat over `/v1/chat/completions`. */
export class LocalChat extends ChatOpenAICompletions {
  override async getNumTokens(content: unknown): Promise<number> {
    return countRoughly(content);
  }

  override async getNumTokensFromMessages(messages: BaseMessage[]): Promise<{ totalCount: number; countPerMessage: number[] }> {
    const countPerMessage = messages.map((message) => countRoughly(message.content));
    return { totalCount: countPerMessage.reduce((sum, count) => sum + count, 0), countPerMessage };
  }

  override async _generate(messages: BaseMessage[], options: this['ParsedCallOptions'], manager?: CallbackManagerForLLMRun): Promise<ChatResult> {
    try {
      return await super._generate(messages, options, manager);
    } catch (error) {
      throw toModelProblem(error, options.signal);
    }
  }

  override async *_streamResponseChunks(messages: BaseMessage[], options: this['ParsedCallOptions'], manager?: CallbackManagerForLLMRun): AsyncGenerator<ChatGenerationChunk> {
    try {
      yield* super._streamResponseChunks(messages, options, manager);
    } catch (error) {
      throw toModelProblem(error, options.signal);
    }
  }
}

const origin = z.object({ system_fingerprint: z.string().optional(), truncated: z.array(z.int()).optional() });

type LocalEmbeddingsFields = ConstructorParameters<typeof OpenAIEmbeddings>[0] & { sha256: string | null; managed: boolean };

/** Embeddings over `/v1/embeddings`. Refuses vectors that come from another file than expected. */
export class LocalEmbeddings extends OpenAIEmbeddings {
  readonly #sha256: string | null;
  readonly #managed: boolean;
  /** Texts that had to be cut at the context so far. */
  truncatedCount = 0;

  constructor(fields: LocalEmbeddingsFields) {
    super(fields);
    this.#sha256 = fields.sha256;
    this.#managed = fields.managed;
  }

  protected override async embeddingWithRetry(request: OpenAIClient.EmbeddingCreateParams): Promise<OpenAIClient.CreateEmbeddingResponse> {
    const asked = this.#managed ? { ...request, truncate: true } : request;
    try {
      const response = await super.embeddingWithRetry(asked);
      const { system_fingerprint: fingerprint, truncated } = origin.parse(response);
      if (this.#sha256 !== null && fingerprint !== `sha256:${this.#sha256}`) {
        throw new Problem('model-unavailable', { detail: 'The embedding model was just replaced by another. Try again.' });
      }
      this.truncatedCount += truncated?.length ?? 0;
      return response;
    } catch (error) {
      throw toModelProblem(error);
    }
  }
}
