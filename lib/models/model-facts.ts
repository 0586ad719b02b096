/**
 * What a GGUF header says about a model in our words: size, context, licence, and which roles it can serve.
 * Pure: a header goes in, facts come out. Nothing here reads a file or loads a model.
 */
import type { GgufHeader } from './gguf.ts';
import { fileTypes } from './gguf-types.ts';
import type { ModelRole } from './types.ts';

export type ModelFacts = Readonly<{
  name: string | null;
  architecture: string | null;
  parameters: number | null;
  quantisation: string | null;
  contextTokens: number | null;
  licence: string | null;
  fits: readonly ModelRole[];
  /** Why no role fits; null when one does. */
  problem: string | null;
  /** Bytes of key and value memory one token needs at 16 bits; an upper estimate. */
  cacheBytesPerToken: number;
  hasChatTemplate: boolean;
}>;

/** Architectures that read a whole text at once and cannot write. */
const encoders = new Set([
  'bert', 'modern-bert', 'neo-bert', 'nomic-bert', 'nomic-bert-moe', 'jina-bert-v2', 'jina-bert-v3', 'eurobert', 'gemma-embedding', 'llama-embed',
]);
/** Files that go beside a model, and architectures that neither write text nor give one vector for it. */
const unsuitable = new Set(['clip', 'mmproj', 't5', 't5encoder', 'wavtokenizer-dec', 'whisper', 'flux', 'sd1', 'sdxl']);
const pooling = { none: 0, mean: 1, cls: 2, last: 3, rank: 4 };

export function readFacts(header: GgufHeader): ModelFacts {
  const text = (key: string) => firstOf(header.values.get(key), 'string');
  const number = (key: string) => firstOf(header.values.get(key), 'number');
  const architecture = text('general.architecture');
  const own = (key: string) => number(`${architecture}.${key}`);
  const problem = findProblem(header, architecture);
  const fileType = number('general.file_type');
  return {
    name: text('general.name')?.slice(0, 200) || null,
    architecture,
    parameters: header.tensors.length === 0 ? null : header.tensors.reduce((sum, tensor) => sum + tensor.elements, 0),
    quantisation: fileType === null ? null : (fileTypes[fileType] ?? null),
    contextTokens: own('context_length'),
    licence: text('general.license')?.slice(0, 80) || null,
    fits: problem === null ? fitRoles(header, architecture, own('pooling_type')) : [],
    problem,
    cacheBytesPerToken: cacheBytes(header, architecture),
    hasChatTemplate: (text('tokenizer.chat_template') ?? '').trim() !== '',
  };
}

function firstOf(value: unknown, kind: 'string'): string | null;
function firstOf(value: unknown, kind: 'number'): number | null;
function firstOf(value: unknown, kind: 'string' | 'number'): string | number | null {
  return (typeof value === 'string' || typeof value === 'number') && typeof value === kind ? value : null;
}

function findProblem(header: GgufHeader, architecture: string | null): string | null {
  const kind = header.values.get('general.type');
  if (architecture === null) return 'The file does not say which architecture its model has.';
  if (header.tensors.length === 0) return 'The file holds a vocabulary and no weights, so it cannot answer or embed anything.';
  if (typeof kind === 'string' && kind !== 'model') return `The file is a part to go with a model (${kind.slice(0, 40)}), not a model.`;
  if (Number(header.values.get('split.count') ?? 1) > 1) return 'The model is split into several files. Join them into one file first.';
  if (unsuitable.has(architecture)) return `Models of the kind "${architecture}" cannot be used here.`;
  if (!header.tensors.some((tensor) => tensor.name === 'token_embd.weight')) return 'The file lacks the table of token weights, so it is not a language model.';
  if (!header.values.has('tokenizer.ggml.tokens')) return 'The file holds no vocabulary, so it cannot read text.';
  return null;
}

function fitRoles(header: GgufHeader, architecture: string | null, poolingType: number | null): ModelRole[] {
  const ranks = header.tensors.some((tensor) => tensor.name === 'cls.weight' || tensor.name === 'cls.output.weight');
  if (ranks || poolingType === pooling.rank) return ['reranker'];
  if (encoders.has(architecture ?? '')) return ['embedder'];
  // A decoder with a pooling type was trained to give vectors, for example Qwen3-Embedding.
  if (poolingType !== null && poolingType !== pooling.none) return ['embedder'];
  return ['generator'];
}

function cacheBytes(header: GgufHeader, architecture: string | null): number {
  const value = (key: string): number | null => {
    const found = header.values.get(`${architecture}.${key}`);
    if (typeof found === 'number') return found;
    return typeof found === 'object' && found.numbers.length > 0 ? Math.max(...found.numbers) : null;
  };
  const layers = value('block_count') ?? 0;
  const width = value('embedding_length') ?? 0;
  const heads = Math.max(1, value('attention.head_count') ?? 1);
  const keyHeads = value('attention.head_count_kv') ?? heads;
  const headWidth = width / heads;
  return layers * keyHeads * ((value('attention.key_length') ?? headWidth) + (value('attention.value_length') ?? headWidth)) * 2;
}
