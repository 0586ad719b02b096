/**
 * Has the model write an answer: prompt template, model and nothing else, as a LangChain sequence that streams. What
 * is written goes through the citation reader before anybody sees it.
 */
import { createHash } from 'node:crypto';
import type { BaseMessageChunk } from '@langchain/core/messages';
import type { ChatPromptValueInterface } from '@langchain/core/prompt_values';
import { RunnableLambda, RunnableSequence } from '@langchain/core/runnables';
import { z } from 'zod';
import { chatModel } from '../models/client.ts';
import { readCitations } from './cite.ts';
import type { Method } from './events.ts';
import { buildPrompt, notInDocuments, type Exchange, type Numbered, type Room } from './prompt.ts';

/** The same question over the same passages gives the same answer. */
export const sampling = { temperature: 0, seed: 7 } as const;

export interface Writing {
  question: string;
  passages: readonly Numbered[];
  history: readonly Exchange[];
  room: Room;
}

/** What was written so far; filled while the model writes, so that it is known when the model dies midway. */
export interface Draft {
  text: string;
  invented: number;
  promptSha256: string | null;
  generator: Method['generator'];
  tokens: Method['tokens'];
  /** The model says that the passages do not answer. */
  abstained: boolean;
}

export interface Listener {
  onModel: (name: string) => void;
  onFirstToken: () => void;
  onText: (text: string) => void;
}

export function emptyDraft(): Draft {
  return { text: '', invented: 0, promptSha256: null, generator: null, tokens: null, abstained: false };
}

/** Writes into `draft` until the model has finished. Throws 'model-unavailable', 'model-busy' or 'context-exceeded', or the abort. */
export async function generate(writing: Writing, draft: Draft, { signal, ...listener }: Listener & { signal: AbortSignal }): Promise<void> {
  const { chat, generator } = await chatModel({ ...sampling, maxTokens: writing.room.answer });
  draft.generator = { name: generator.name ?? generator.model ?? 'a model', file: generator.file, sha256: generator.sha256 };
  listener.onModel(draft.generator.name);
  const { template, values } = buildPrompt(writing);
  const note = RunnableLambda.from((prompt: ChatPromptValueInterface) => {
    draft.promptSha256 = hashPrompt(prompt);
    return prompt;
  });
  const chain = RunnableSequence.from<Record<string, string>, BaseMessageChunk>([template, note, chat]);
  const reader = readCitations(writing.passages.length);
  let raw = '';
  let shown = 0;
  for await (const piece of await chain.stream(values, { signal })) {
    noteOrigin(draft, piece);
    const text = typeof piece.content === 'string' ? piece.content : '';
    if (text === '') continue;
    if (raw === '') listener.onFirstToken();
    raw += text;
    // Nothing is shown while this may still become the sentence that says there is no answer.
    if (couldAbstain(raw)) continue;
    draft.text += reader.push(raw.slice(shown));
    shown = raw.length;
    listener.onText(draft.text);
    draft.invented = reader.invented;
  }
  signal.throwIfAborted();
  draft.abstained = raw.trim().replace(/[."'*]/g, '').toUpperCase().startsWith(notInDocuments);
  if (!draft.abstained) draft.text = (draft.text + reader.push(raw.slice(shown)) + reader.end()).trimEnd();
  draft.invented = reader.invented;
}

function couldAbstain(raw: string): boolean {
  const begun = raw.trimStart().replace(/["'*]/g, '').toUpperCase();
  return notInDocuments.startsWith(begun.slice(0, notInDocuments.length));
}

/** SHA-256 of the messages as they are sent. */
export function hashPrompt(prompt: ChatPromptValueInterface): string {
  const messages = prompt.toChatMessages().map((message) => ({ role: message.getType(), content: message.content }));
  return createHash('sha256').update(JSON.stringify(messages)).digest('hex');
}

const originSchema = z.object({
  usage_metadata: z.object({ input_tokens: z.number(), output_tokens: z.number() }).optional().catch(undefined),
  response_metadata: z.object({ system_fingerprint: z.string().optional() }).optional().catch(undefined),
});

function noteOrigin(draft: Draft, piece: BaseMessageChunk): void {
  const { usage_metadata: usage, response_metadata: origin } = originSchema.parse(piece);
  if (usage !== undefined && usage.output_tokens > 0) draft.tokens = { prompt: usage.input_tokens, completion: usage.output_tokens };
  const [kind, hash] = (origin?.system_fingerprint ?? '').split(':');
  // A model may be switched between asking which serves and being answered; the fingerprint names the one that wrote.
  if (draft.generator !== null && kind === 'sha256' && hash !== undefined) draft.generator = { ...draft.generator, sha256: hash };
}
