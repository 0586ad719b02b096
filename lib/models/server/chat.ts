/** `POST /v1/chat/completions`: streamed as server-sent events or whole. Knows OpenAI's shapes; the writing is in generator.ts. */
import { randomInt, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { ChatJob, ChatOutcome, Generator } from './generator.ts';
import { toOpenAiError } from './openai-error.ts';
import { chatRequest, parseBody } from './requests.ts';
import type { Roster } from './roster.ts';

type Chat = z.infer<typeof chatRequest>;
type Call = { body: unknown; signal: AbortSignal; response: ServerResponse };

/** Proxies and clients give up on silent connections; reading a long prompt on few cores takes longer. */
const aliveMs = 10_000;

/** Answers with a JSON object, or streams and gives undefined. */
export async function completeChat(roster: Roster, call: Call): Promise<unknown> {
  const chat = parseBody(chatRequest, call.body);
  const generator = roster.serving('generator', chat.model);
  const job = toJob(chat, call.signal);
  return chat.stream ? streamChat({ generator, chat, job, response: call.response }) : wholeChat(generator, job);
}

function toJob(chat: Chat, signal: AbortSignal): Omit<ChatJob, 'onStart' | 'onText'> {
  return {
    messages: chat.messages.map(({ role, content }) => ({ role: role === 'developer' ? 'system' : role, content })),
    temperature: chat.temperature ?? 1,
    topP: chat.top_p ?? undefined,
    seed: chat.seed ?? randomInt(0xffff_ffff),
    maxTokens: chat.max_completion_tokens ?? chat.max_tokens ?? undefined,
    stop: typeof chat.stop === 'string' ? [chat.stop] : (chat.stop ?? []),
    frequencyPenalty: chat.frequency_penalty ?? 0,
    presencePenalty: chat.presence_penalty ?? 0,
    signal,
  };
}

/** What every answer and every piece of one says about its origin: the exact file, and what is needed to repeat it. */
function describeOrigin(generator: Generator, job: { seed: number; temperature: number }) {
  const { id, sha256 } = generator.source;
  return {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model: id,
    system_fingerprint: `sha256:${sha256}`,
    attest: { seed: job.seed, temperature: job.temperature },
  };
}

function toUsage({ promptTokens, cachedTokens, completionTokens }: ChatOutcome) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

async function wholeChat(generator: Generator, job: Omit<ChatJob, 'onStart' | 'onText'>): Promise<unknown> {
  let content = '';
  const outcome = await generator.chat({ ...job, onStart: () => {}, onText: (text) => (content += text) });
  return {
    ...describeOrigin(generator, job),
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: outcome.finish }],
    usage: toUsage(outcome),
  };
}

type Streaming = { generator: Generator; chat: Chat; job: Omit<ChatJob, 'onStart' | 'onText'>; response: ServerResponse };

async function streamChat({ generator, chat, job, response }: Streaming): Promise<undefined> {
  const origin = { ...describeOrigin(generator, job), object: 'chat.completion.chunk' };
  const send = (fields: object) => void response.write(`data: ${JSON.stringify({ ...origin, ...fields })}\n\n`);
  const choose = (delta: object, finish: string | null) => send({ choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] });
  const alive = setInterval(() => response.headersSent && response.write(': still reading\n\n'), aliveMs);
  try {
    const outcome = await generator.chat({
      ...job,
      // Headers wait for a sequence, so that a full queue is still a plain 503.
      onStart: () => {
        response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
        choose({ role: 'assistant', content: '' }, null);
      },
      onText: (text) => choose({ content: text }, null),
    });
    choose({}, outcome.finish);
    if (chat.stream_options?.include_usage) send({ choices: [], usage: toUsage(outcome) });
    response.end('data: [DONE]\n\n');
  } catch (error) {
    if (!response.headersSent || job.signal.aborted) throw error;
    response.end(`data: ${JSON.stringify(toOpenAiError(error).body)}\n\n`);
    throw error;
  } finally {
    clearInterval(alive);
  }
}
