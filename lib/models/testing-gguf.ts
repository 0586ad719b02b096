/**
 * Writes tiny but real GGUF files for tests where no trained model is at hand. They load and run in llama.cpp:
 * a llama whose weights make it recite one sentence word by word, and a bert that averages one fixed vector per word.
 * Used by tests only.
 */
import { createHash } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';

type Value = string | number | boolean | { float: number } | readonly string[] | { floats: readonly number[] } | { integers: readonly number[] };
type Tensor = Readonly<{ name: string; shape: readonly number[]; data: Float32Array }>;
type GgufParts = Readonly<{ values: Readonly<Record<string, Value>>; tensors: readonly Tensor[] }>;

const alignment = 32;
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const u64 = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const f32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
};
const text = (value: string) => {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u64(bytes.length), bytes]);
};
const list = (kind: number, items: readonly Buffer[]) => Buffer.concat([u32(9), u32(kind), u64(items.length), ...items]);
const pad = (length: number) => Buffer.alloc((alignment - (length % alignment)) % alignment);

function encode(value: Value): Buffer {
  if (typeof value === 'string') return Buffer.concat([u32(8), text(value)]);
  if (typeof value === 'number') return Buffer.concat([u32(4), u32(value)]);
  if (typeof value === 'boolean') return Buffer.concat([u32(7), Buffer.from([value ? 1 : 0])]);
  if ('float' in value) return Buffer.concat([u32(6), f32(value.float)]);
  if ('floats' in value) return list(6, value.floats.map(f32));
  if ('integers' in value) return list(5, value.integers.map(u32));
  return list(8, value.map(text));
}

/** The bytes of a GGUF file. */
export function encodeGguf({ values, tensors }: GgufParts): Buffer {
  const pairs = Object.entries(values).map(([key, value]) => Buffer.concat([text(key), encode(value)]));
  const bodies: Buffer[] = [];
  let offset = 0;
  const infos = tensors.map(({ name, shape, data }) => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    // The file lists the fastest changing dimension first.
    const info = Buffer.concat([text(name), u32(shape.length), ...[...shape].reverse().map(u64), u32(0), u64(offset)]);
    bodies.push(bytes, pad(bytes.length));
    offset += bytes.length + pad(bytes.length).length;
    return info;
  });
  const head = Buffer.concat([Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(pairs.length), ...pairs, ...infos]);
  return Buffer.concat([head, pad(head.length), ...bodies]);
}

/** A fixed direction for a word: the same on every run and machine. */
function direction(word: string, width: number): Float32Array {
  const vector = new Float32Array(width);
  for (let index = 0; index < width; index += 1) {
    const digest = createHash('sha256').update(`${word}\u0000${index}`).digest();
    vector[index] = digest.readInt32LE(0) / 2 ** 31;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const constant = (name: string, length: number, value: number): Tensor => ({ name, shape: [length], data: new Float32Array(length).fill(value) });
const zeros = (name: string, ...shape: number[]): Tensor => ({ name, shape, data: new Float32Array(shape.reduce((product, size) => product * size, 1)) });
const identity = (name: string, width: number): Tensor => rows(name, Array.from({ length: width }, (_, row) => new Float32Array(width).fill(1, row, row + 1)), width);
const rows = (name: string, vectors: readonly Float32Array[], width: number): Tensor => {
  const data = new Float32Array(vectors.length * width);
  vectors.forEach((vector, index) => data.set(vector, index * width));
  return { name, shape: [vectors.length, width], data };
};

/** What `tinyGenerator` says to anything, at temperature 0. No word occurs twice: each word decides the next. */
export const tinyAnswer = ' Every employee may carry five days of leave into the next year [1].';

export type TinyGeneratorOptions = Readonly<{
  /** Trained context in tokens. */
  contextTokens?: number;
  /** Never stops by itself. */
  endless?: boolean;
  /** Width of the inner layer. It adds nothing but time, and only to the words that are written: of a prompt nothing but the last token passes it. */
  innerWidth?: number;
  /** Makes a file with other bytes and another name that behaves the same. */
  name?: string;
  chatTemplate?: string;
}>;

/**
 * A llama of one layer that adds nothing, so that the last token alone decides the next one: its output row for a word
 * points along the embedding of the word before it. A line end begins the sentence.
 */
export function tinyGenerator(options: TinyGeneratorOptions = {}): Buffer {
  const width = 64;
  const inner = options.innerWidth ?? 64;
  const words = tinyAnswer.split(/(?= )/).map((word) => word.replace(' ', '\u2581'));
  const byteTokens = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const letters = [...'\u2581abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;?!#[]()\'"-'];
  const tokens = ['<unk>', '<s>', '</s>', ...byteTokens, ...words, ...letters];
  const previous = new Map<string, string>();
  ['<0x0A>', ...words].forEach((word, index, all) => {
    const next = all[index + 1] ?? (options.endless ? words[0] : '</s>');
    if (next !== undefined && !(options.endless && index === 0)) previous.set(next, word);
  });
  const embedding = tokens.map((token) => direction(token, width));
  // The first word of an endless recital follows both the line end and the last word.
  const pointing = tokens.map((token) => {
    const before = previous.get(token);
    if (before === undefined) return new Float32Array(width);
    const along = direction(before, width);
    const start = options.endless && token === words[0] ? direction('<0x0A>', width) : new Float32Array(width);
    return along.map((value, index) => (value + (start[index] ?? 0)) * 8);
  });
  const block = (name: string) => `blk.0.${name}.weight`;
  return encodeGguf({
    values: {
      'general.architecture': 'llama', 'general.name': options.name ?? 'tiny-generator', 'general.license': 'mit', 'general.file_type': 0,
      'llama.block_count': 1, 'llama.context_length': options.contextTokens ?? 1024, 'llama.embedding_length': width, 'llama.feed_forward_length': inner,
      'llama.attention.head_count': 2, 'llama.attention.head_count_kv': 2, 'llama.rope.dimension_count': 32, 'llama.vocab_size': tokens.length,
      'llama.attention.layer_norm_rms_epsilon': { float: 1e-5 },
      'tokenizer.ggml.model': 'llama', 'tokenizer.ggml.tokens': tokens,
      'tokenizer.ggml.scores': { floats: tokens.map((token, index) => (index < 259 ? 0 : token.length > 1 ? -1 : -100)) },
      'tokenizer.ggml.token_type': { integers: tokens.map((_, index) => (index === 0 ? 2 : index < 3 ? 3 : index < 259 ? 6 : 1)) },
      'tokenizer.ggml.bos_token_id': 1, 'tokenizer.ggml.eos_token_id': 2, 'tokenizer.ggml.unknown_token_id': 0,
      'tokenizer.ggml.add_bos_token': true, 'tokenizer.ggml.add_space_prefix': false,
      ...(options.chatTemplate === undefined ? {} : { 'tokenizer.chat_template': options.chatTemplate }),
    },
    tensors: [
      rows('token_embd.weight', embedding, width), constant('output_norm.weight', width, 1), rows('output.weight', pointing, width),
      constant(block('attn_norm'), width, 1), zeros(block('attn_q'), width, width), zeros(block('attn_k'), width, width),
      zeros(block('attn_v'), width, width), zeros(block('attn_output'), width, width), constant(block('ffn_norm'), width, 1),
      zeros(block('ffn_gate'), inner, width), zeros(block('ffn_up'), inner, width), zeros(block('ffn_down'), width, inner),
    ],
  });
}

const tinyWords = `the of and to in a is that for it on with as are this be at or from by an not have which you your we our they can may must will all any
each every day days week month year time leave travel expense expenses claim report form policy rule rules limit hotel flight train meal car cost costs
price pay salary bonus sick holiday carry request approve approval manager employee employees company office home work remote team customer order delivery
product machine safety fire first aid accident incident security password account login reset change forgotten steps how do i my computer laptop network
data backup server question answer cat sat mat revenue grew quarterly percent hello world money currency book contract supplier invoice payment due`.split(/\s+/);

export type TinyEmbedderOptions = Readonly<{ contextTokens?: number; ranks?: boolean; name?: string }>;

/** A bert whose vector for a text is the mean of fixed vectors of its words; unknown words are spelt. With `ranks`, a reranker. */
export function tinyEmbedder(options: TinyEmbedderOptions = {}): Buffer {
  const width = 64;
  const contextTokens = options.contextTokens ?? 512;
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'];
  const characters = [...'abcdefghijklmnopqrstuvwxyz0123456789.,:;?!#[]()\'"-/%$&+=*_@<>|~'];
  const words = [...new Set(tinyWords)].filter((word) => word.length > 1);
  const tokens = [...special, ...[...words, ...characters].map((token) => `\u2581${token}`), ...characters];
  const layer = (name: string, ...shape: number[]) => [zeros(`blk.0.${name}.weight`, ...shape), zeros(`blk.0.${name}.bias`, shape[0] ?? width)];
  // A reranker reads only the first token, so its one attention must carry the other words there; the embedder's adds nothing.
  const mixing = (name: string) => (options.ranks ? [identity(`blk.0.${name}.weight`, width), zeros(`blk.0.${name}.bias`, width)] : layer(name, width, width));
  const norm = (name: string) => [constant(`${name}.weight`, width, 1), constant(`${name}.bias`, width, 0)];
  const head = options.ranks
    ? [rows('cls.weight', Array.from({ length: width }, (_, index) => direction(`cls ${index}`, width)), width), zeros('cls.bias', width),
      rows('cls.output.weight', [direction('score', width)], width), zeros('cls.output.bias', 1)]
    : [];
  return encodeGguf({
    values: {
      'general.architecture': 'bert', 'general.name': options.name ?? 'tiny-embedder', 'general.license': 'mit', 'general.file_type': 0,
      'bert.block_count': 1, 'bert.context_length': contextTokens, 'bert.embedding_length': width, 'bert.feed_forward_length': 64,
      'bert.attention.head_count': 2, 'bert.attention.layer_norm_epsilon': { float: 1e-12 }, 'bert.attention.causal': false,
      'bert.pooling_type': options.ranks ? 4 : 1,
      'tokenizer.ggml.model': 'bert', 'tokenizer.ggml.pre': 'default', 'tokenizer.ggml.tokens': tokens, 'tokenizer.ggml.token_type_count': 2,
      'tokenizer.ggml.scores': { floats: tokens.map(() => 0) },
      'tokenizer.ggml.token_type': { integers: tokens.map((_, index) => (index === 1 ? 2 : index < special.length ? 3 : 1)) },
      'tokenizer.ggml.bos_token_id': 2, 'tokenizer.ggml.eos_token_id': 3, 'tokenizer.ggml.cls_token_id': 2, 'tokenizer.ggml.seperator_token_id': 3,
      'tokenizer.ggml.unknown_token_id': 1, 'tokenizer.ggml.padding_token_id': 0, 'tokenizer.ggml.mask_token_id': 4,
    },
    tensors: [
      rows('token_embd.weight', tokens.map((token, index) => (index < special.length ? new Float32Array(width) : direction(token, width))), width),
      zeros('token_types.weight', 2, width), zeros('position_embd.weight', contextTokens, width), ...norm('token_embd_norm'),
      ...layer('attn_q', width, width), ...layer('attn_k', width, width), ...mixing('attn_v'), ...mixing('attn_output'),
      ...norm('blk.0.attn_output_norm'), ...layer('ffn_up', 64, width), ...layer('ffn_down', width, 64), ...norm('blk.0.layer_output_norm'), ...head,
    ],
  });
}

/** Writes `bytes` beside its final name first, so that a watcher never sees half a file. */
export async function placeFile(file: string, bytes: Buffer): Promise<void> {
  await writeFile(`${file}.part`, bytes);
  await rename(`${file}.part`, file);
}
