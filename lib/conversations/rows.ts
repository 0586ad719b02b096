/** How answers and evidence are read back from the database into the types that pages know. */
import { z } from 'zod';
import { formatSchema, placeSchema } from '../documents/stored.ts';
import type { Answer } from './types.ts';

type Method = Answer['method'];
type Sentence = Answer['sentences'][number];
type Evidence = Answer['evidence'][number];

const modelSchema = z.object({ name: z.string(), file: z.string().nullable(), sha256: z.string().nullable() }).nullable();
const stepNames = ['record', 'understand', 'search', 'decide', 'prompt', 'first-token', 'generate', 'check', 'save'] as const;

const methodSchema = z.object({
  query: z.string(),
  collectionsSearched: z.number(),
  steps: z.array(z.object({ name: z.enum(stepNames), ms: z.number() })),
  retrieval: z.enum(['lexical', 'hybrid']),
  candidates: z.object({ lexical: z.number(), semantic: z.number() }),
  generator: modelSchema,
  embedder: modelSchema,
  promptSha256: z.string().nullable(),
  tokens: z.object({ prompt: z.number(), completion: z.number() }).nullable(),
  sampling: z.object({ temperature: z.number(), seed: z.number() }).nullable(),
  inventedCitations: z.number(),
  quotedBecause: z.enum(['no-model', 'model-unavailable', 'model-busy']).nullable(),
}) satisfies z.ZodType<Method>;

const sentenceSchema = z.object({
  start: z.number(),
  end: z.number(),
  citations: z.array(z.number()),
  support: z.enum(['supported', 'weak', 'unsupported', 'uncited']),
  reason: z.string(),
}) satisfies z.ZodType<Sentence>;

export const answerSchema = z.object({
  outcome: z.enum(['generated', 'quoted', 'not-found', 'stopped', 'failed']),
  text: z.string(),
  sentences: z.array(sentenceSchema),
  /** The method, and for an answer that found nothing why each nearest passage is no answer. */
  method: methodSchema.extend({ nearest: z.array(z.object({ number: z.number(), why: z.string() })).default([]) }),
  answeredRecord: z.number(),
  createdAt: z.string(),
});

const scoreSchema = z.number().nullable();
export const evidenceSchema = z.object({
  id: z.string(),
  turnId: z.string(),
  number: z.number(),
  documentId: z.string(),
  versionId: z.string(),
  versionNumber: z.number(),
  collectionId: z.string(),
  collectionName: z.string(),
  title: z.string(),
  format: formatSchema,
  ordinal: z.number(),
  text: z.string(),
  textSha256: z.string(),
  place: placeSchema,
  scores: z.object({ lexical: scoreSchema, semantic: scoreSchema, fused: z.number() }),
  cited: z.boolean(),
}) satisfies z.ZodType<Evidence>;
export type EvidenceRow = z.infer<typeof evidenceSchema>;

/** An answer with the evidence that its reader may still see. */
export function readAnswer({ method: { nearest: reasons, ...method }, ...answer }: z.infer<typeof answerSchema>, rows: readonly EvidenceRow[]): Answer {
  const evidence = rows.map(({ turnId: _turnId, ...each }) => each);
  const nearest = reasons.flatMap(({ number, why }) => evidence.filter((each) => each.number === number).map((each) => ({ ...each, why })));
  return { ...answer, method, evidence: answer.outcome === 'not-found' ? [] : evidence, nearest };
}
