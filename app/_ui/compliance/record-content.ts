/**
 * What a record's texts and facts hold, read with care: a record may be older than this page, so that whatever does
 * not fit is shown as plain names and values instead. Pure.
 */
import { z } from 'zod';
import type { RecordInFull } from '#lib/audit/types.ts';

const servedText = z.object({ number: z.number(), title: z.string(), text: z.string(), textSha256: z.string() });
/** What the hashed body says of the same passage. */
const servedFacts = z.object({
  number: z.number(),
  versionNumber: z.number(),
  /** What a search served to a program is cited by nobody. */
  cited: z.boolean().nullable().default(null),
  readableBecause: z.array(z.object({ on: z.string(), to: z.string(), permission: z.string() })),
});

/** A passage as it was given to the model, with why the asker could read it. */
export interface ServedEvidence extends z.infer<typeof servedText> {
  versionNumber: number | null;
  cited: boolean | null;
  /** "the group People, by a grant on the collection" */
  because: string[];
}

const modelFile = z.object({ name: z.string(), file: z.string().nullable(), sha256: z.string().nullable() });
const step = z.object({ name: z.string(), ms: z.number() });

/** The parts of a record that have a place of their own on the page. */
export interface RecordStory {
  question: string | null;
  answer: string | null;
  evidence: ServedEvidence[];
  /** What checking found for each sentence. */
  sentences: string[];
  comment: string | null;
  generator: z.infer<typeof modelFile> | null;
  embedder: z.infer<typeof modelFile> | null;
  steps: z.infer<typeof step>[];
  /** Everything else, flattened: "grant.permission" -> "read". */
  facts: [name: string, value: string][];
}

export function readStory(record: RecordInFull): RecordStory {
  const content = record.content ?? {};
  const details = record.details;
  const method = z.record(z.string(), z.unknown()).catch({}).parse(details['method']);
  const model = (name: string) => modelFile.nullable().catch(null).parse(details[name] ?? method[name] ?? null);
  // The question as it was searched for says something only where a follow-up was completed.
  const said = content['query'] === content['question'] ? omit(content, ['query']) : content;
  const rest = omit(details, ['generator', 'embedder', 'steps', 'method', 'evidence', 'sentences']);
  return {
    question: textOf(content['question']),
    answer: textOf(content['answer']),
    evidence: readEvidence(content['evidence'], details['evidence']),
    sentences: z.array(z.object({ support: z.string() })).catch([]).parse(details['sentences']).map(({ support }) => support),
    comment: textOf(content['comment']),
    generator: model('generator'),
    embedder: model('embedder'),
    steps: z.array(step).catch([]).parse(details['steps'] ?? method['steps']),
    facts: [...flatten(rest), ...flatten(omit(method, ['generator', 'embedder', 'steps'])), ...flatten(omit(said, ['question', 'answer', 'evidence', 'comment']))],
  };
}

function readEvidence(texts: unknown, facts: unknown): ServedEvidence[] {
  const known = new Map(z.array(servedFacts).catch([]).parse(facts).map((fact) => [fact.number, fact]));
  return z.array(servedText).catch([]).parse(texts).map((served) => {
    const fact = known.get(served.number);
    const because = fact?.readableBecause.map(({ on, to, permission }) => `${to} (${permission}, on the ${on})`) ?? [];
    return { ...served, versionNumber: fact?.versionNumber ?? null, cited: fact?.cited ?? null, because };
  });
}

/** "3 supported, 1 weak" */
export function supportInWords(sentences: string[]): string {
  const counts = new Map<string, number>();
  for (const support of sentences) counts.set(support, (counts.get(support) ?? 0) + 1);
  return [...counts].map(([support, count]) => `${count} ${support}`).join(', ');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function omit(record: Record<string, unknown>, names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));
}

/** Nested values as dotted names; empty ones left out. */
export function flatten(record: Record<string, unknown>, prefix = ''): [string, string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    const path = prefix === '' ? name : `${prefix}.${name}`;
    if (value === null || value === undefined || value === '') return [];
    if (Array.isArray(value)) return value.length === 0 ? [] : [[path, value.map(wordOf).join(', ')]];
    if (typeof value === 'object') return flatten({ ...value }, path);
    return [[path, wordOf(value)]];
  });
}

function wordOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** "promptSha256" -> "Prompt SHA-256", "grant.expiresAt" -> "Grant, expires at" */
export function factName(path: string): string {
  const words = path.replaceAll('.', ', ').replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const named = words.replace(/\bsha256\b/g, 'SHA-256').replace(/\bid\b/g, 'ID');
  return named.charAt(0).toUpperCase() + named.slice(1);
}

/** A hash or an id: compared by its characters, so it is set in a font that keeps them apart. */
export function isCode(value: string): boolean {
  return /^[0-9a-f]{32,}$/.test(value) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(value);
}
