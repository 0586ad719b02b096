/** The bodies that the models process accepts, after OpenAI's and Jina's shapes. Fields we do not know are ignored. */
import { z } from 'zod';
import { Problem } from '#lib/errors.ts';

export const requestLimits = {
  chatBytesMax: 4 * 2 ** 20,
  embeddingsBytesMax: 32 * 2 ** 20,
  rerankBytesMax: 16 * 2 ** 20,
  rolesBytesMax: 64 * 2 ** 10,
  messagesMax: 500,
  /** As OpenAI. */
  inputsMax: 2048,
  passagesMax: 1000,
  stopsMax: 16,
};

const text = z.string().refine((value) => !value.includes('\u0000'), 'holds a NUL character');
const content = z.union([
  text,
  z.array(z.object({ type: z.literal('text', 'only text parts can be read'), text })).transform((parts) => parts.map((part) => part.text).join('')),
]);
const tokens = z.int().min(1).nullish();

export const chatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content })).min(1).max(requestLimits.messagesMax),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().gt(0).max(1).nullish(),
  seed: z.int().min(0).max(0xffff_ffff).nullish(),
  max_tokens: tokens,
  max_completion_tokens: tokens,
  stop: z.union([text.min(1), z.array(text.min(1)).max(requestLimits.stopsMax)]).nullish(),
  frequency_penalty: z.number().min(0).max(2).nullish(),
  presence_penalty: z.number().min(0).max(2).nullish(),
  n: z.literal(1, 'only one answer at a time').nullish(),
  tools: z.array(z.unknown()).max(0, 'tools are not offered here').nullish(),
  response_format: z.object({ type: z.literal('text', 'only plain text is offered') }).nullish(),
});

export const embeddingsRequest = z.object({
  model: z.string(),
  input: z.union([text.min(1).transform((one) => [one]), z.array(text.min(1)).min(1).max(requestLimits.inputsMax)]),
  encoding_format: z.enum(['float', 'base64']).nullish(),
  /** Ours: cut a text at the context instead of refusing it. */
  truncate: z.boolean().nullish(),
  dimensions: z.never('the length of vectors is fixed by the model').optional(),
});

export const rerankRequest = z.object({
  model: z.string().nullish(),
  query: text.min(1),
  documents: z.array(z.union([text, z.object({ text }).transform((document) => document.text)])).min(1).max(requestLimits.passagesMax),
  top_n: z.int().min(1).nullish(),
  return_documents: z.boolean().nullish(),
});

/** Parses a body. Throws `invalid-input` that names the first wrong field. */
export function parseBody<Shape extends z.ZodType>(shape: Shape, body: unknown): z.infer<Shape> {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'The request' : issue.path.join('.');
  throw new Problem('invalid-input', { detail: `${where}: ${issue?.message ?? 'cannot be read'}.`.slice(0, 500), data: { param: issue?.path.join('.') ?? null } });
}
