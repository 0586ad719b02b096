/** What answering sends, checked in the browser. The types are those of lib/answer/events.ts. */
import { z } from 'zod';
import type { AnswerEvent, Evidence, Method, Nearest, Sentence } from '#lib/answer/events.ts';
import { format, place } from './documents.ts';

export const evidence = z.object({
  id: z.string(),
  number: z.number(),
  documentId: z.string(),
  versionId: z.string(),
  versionNumber: z.number(),
  collectionId: z.string(),
  collectionName: z.string(),
  title: z.string(),
  format,
  ordinal: z.number(),
  text: z.string(),
  textSha256: z.string(),
  place,
  scores: z.object({ lexical: z.number().nullable(), semantic: z.number().nullable(), fused: z.number() }),
  cited: z.boolean(),
}) satisfies z.ZodType<Evidence>;

export const nearest = evidence.extend({ why: z.string() }) satisfies z.ZodType<Nearest>;

export const sentence = z.object({
  start: z.number(),
  end: z.number(),
  citations: z.array(z.number()),
  support: z.enum(['supported', 'weak', 'unsupported', 'uncited']),
  reason: z.string(),
}) satisfies z.ZodType<Sentence>;

export const outcome = z.enum(['generated', 'quoted', 'not-found', 'stopped', 'failed']);
const modelFile = z.object({ name: z.string(), file: z.string().nullable(), sha256: z.string().nullable() }).nullable();
const quotedBecause = z.enum(['no-model', 'model-unavailable', 'model-busy']);

export const method = z.object({
  query: z.string(),
  collectionsSearched: z.number(),
  steps: z.array(z.object({ name: z.enum(['record', 'understand', 'search', 'decide', 'prompt', 'first-token', 'generate', 'check', 'save']), ms: z.number() })),
  retrieval: z.enum(['lexical', 'hybrid']),
  candidates: z.object({ lexical: z.number(), semantic: z.number() }),
  generator: modelFile,
  embedder: modelFile,
  promptSha256: z.string().nullable(),
  tokens: z.object({ prompt: z.number(), completion: z.number() }).nullable(),
  sampling: z.object({ temperature: z.number(), seed: z.number() }).nullable(),
  inventedCitations: z.number(),
  quotedBecause: quotedBecause.nullable(),
}) satisfies z.ZodType<Method>;

export const answerEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), conversationId: z.string(), turnId: z.string(), title: z.string(), askedRecord: z.number() }),
  z.object({ type: z.literal('queued'), position: z.number() }),
  z.object({ type: z.literal('searched'), query: z.string(), collections: z.number(), documents: z.number(), evidence: z.array(evidence), ms: z.number() }),
  z.object({ type: z.literal('generating'), model: z.string() }),
  z.object({ type: z.literal('quoting'), because: quotedBecause }),
  z.object({ type: z.literal('not-found'), nearest: z.array(nearest) }),
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('sentences'), text: z.string(), sentences: z.array(sentence) }),
  z.object({ type: z.literal('done'), outcome, answeredRecord: z.number(), method, citedNumbers: z.array(z.number()) }),
  z.object({ type: z.literal('error'), code: z.string(), detail: z.string(), requestId: z.string() }),
]) satisfies z.ZodType<AnswerEvent>;
