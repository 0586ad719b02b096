/** One question through the product and the same prompt straight to the models process, with when things arrived. */
import { z } from 'zod';
import type { AnswerEvent, Evidence, Method } from '#lib/answer/events.ts';
import { hashPrompt, sampling } from '#lib/answer/generate.ts';
import { buildPrompt, planRoom, type Room } from '#lib/answer/prompt.ts';
import type { TestBrowser } from '#lib/auth/testing.ts';
import type { ModelsStatus } from '#lib/models/types.ts';

export interface Timed {
  firstEventMs: number;
  /** NaN when no text came. */
  firstTokenMs: number;
}

export interface Asked extends Timed {
  outcome: string;
  method: Method;
  evidence: Evidence[];
}

export interface Direct {
  messages: { role: string; content: string }[];
  room: Room;
  /** Whether it is, to the byte, the prompt that the product sent. */
  isSame: boolean;
}

export interface Models {
  url: string;
  key: string;
}

/** Asks through POST /api/ask as `browser`. Throws when the answer breaks off. */
export async function askProduct(browser: TestBrowser, address: string, question: string): Promise<Asked> {
  const started = performance.now();
  const response = await browser.send(`${address}/api/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(address).origin, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ question }),
  });
  if (!response.ok || response.body === null) throw new Error(`The question was refused: ${response.status} ${await response.text()}`);
  const at = { firstEventMs: Number.NaN, firstTokenMs: Number.NaN };
  let evidence: Evidence[] = [];
  for await (const data of readEvents(response.body)) {
    const event = JSON.parse(data) as AnswerEvent;
    if (Number.isNaN(at.firstEventMs)) at.firstEventMs = performance.now() - started;
    if (event.type === 'text' && Number.isNaN(at.firstTokenMs)) at.firstTokenMs = performance.now() - started;
    if (event.type === 'searched') evidence = event.evidence;
    if (event.type === 'error') throw new Error(`${event.code}: ${event.detail}`);
    if (event.type === 'done') return { ...at, outcome: event.outcome, method: event.method, evidence };
  }
  throw new Error('The stream ended before the answer did.');
}

/** The prompt that the product made of a question, made again from what it showed as evidence. */
export async function rebuildPrompt(question: string, asked: Asked, status: ModelsStatus): Promise<Direct> {
  const gpu = status.compute !== null && status.compute !== 'cpu';
  const room = planRoom({ contextTokens: status.roles.generator.contextTokens, gpu }, question, []);
  const passages = asked.evidence.map((each) => ({ number: each.number, passage: { ...each, chunkId: 0 } }));
  const { template, values } = buildPrompt({ question, passages, history: [], room });
  const prompt = await template.invoke(values);
  const messages = prompt.toChatMessages().map((message) => ({ role: message.getType() === 'system' ? 'system' : 'user', content: String(message.content) }));
  return { messages, room, isSame: hashPrompt(prompt) === asked.method.promptSha256 };
}

const chunkSchema = z.object({ choices: z.array(z.object({ delta: z.object({ content: z.string().optional() }) })) });

/** Sends a prompt straight to the models process and reads to the end. */
export async function askModels(models: Models, direct: Direct): Promise<Timed> {
  const started = performance.now();
  const response = await fetch(`${models.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${models.key}` },
    body: JSON.stringify({
      model: 'generator', messages: direct.messages, stream: true, stream_options: { include_usage: true }, max_tokens: direct.room.answer,
      temperature: sampling.temperature, seed: sampling.seed,
    }),
  });
  if (!response.ok || response.body === null) throw new Error(`The models process refused: ${response.status} ${await response.text()}`);
  const at: Timed = { firstEventMs: Number.NaN, firstTokenMs: Number.NaN };
  for await (const data of readEvents(response.body)) {
    if (Number.isNaN(at.firstEventMs)) at.firstEventMs = performance.now() - started;
    if (data === '[DONE]') break;
    const piece = chunkSchema.safeParse(JSON.parse(data));
    if (Number.isNaN(at.firstTokenMs) && piece.success && (piece.data.choices[0]?.delta.content ?? '') !== '') at.firstTokenMs = performance.now() - started;
  }
  return at;
}

async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
  }
}
