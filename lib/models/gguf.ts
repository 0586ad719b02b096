/**
 * Reads the header of a GGUF file and proves that the file can be what the header says, before anything native
 * sees it: a file cut in half, a wrong file or a header that points outside the file is refused here.
 * Knows the file format (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md), not what a model is for.
 */
import { open } from 'node:fs/promises';
import { Problem } from '#lib/errors.ts';
import { tensorTypes } from './gguf-types.ts';

export type GgufValue = string | number | boolean | Readonly<{ items: number; numbers: readonly number[] }>;
export type GgufTensor = Readonly<{ name: string; type: string; elements: number; offset: number; bytes: number }>;
export type GgufHeader = Readonly<{ version: number; values: ReadonlyMap<string, GgufValue>; tensors: readonly GgufTensor[] }>;

/** Upper bounds, well above any published model: the largest vocabularies need about 20 MB of header. */
const limits = { headerBytesMax: 192 * 2 ** 20, entriesMax: 200_000, keyBytesMax: 4096, dimensionsMax: 4, depthMax: 3, numbersKept: 1024 };

class NeedMoreBytes extends Error {}
class Damaged extends Error {}

/** Walks over the header bytes; asks for more instead of reading past what is there. */
class Cursor {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    const start = this.position;
    if (start + count > this.#bytes.length) throw new NeedMoreBytes();
    this.position += count;
    return start;
  }

  u32(): number {
    return this.#bytes.readUInt32LE(this.take(4));
  }

  u64(): number {
    const value = this.#bytes.readBigUInt64LE(this.take(8));
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Damaged('a number in it is impossibly large');
    return Number(value);
  }

  text(bytesMax: number): string {
    const length = this.u64();
    if (length > bytesMax) throw new Damaged('a name in it is impossibly long');
    const start = this.take(length);
    return this.#bytes.toString('utf8', start, start + length);
  }

  scalar(kind: number): string | number | boolean {
    switch (kind) {
      case 0: return this.#bytes.readUInt8(this.take(1));
      case 1: return this.#bytes.readInt8(this.take(1));
      case 2: return this.#bytes.readUInt16LE(this.take(2));
      case 3: return this.#bytes.readInt16LE(this.take(2));
      case 4: return this.#bytes.readUInt32LE(this.take(4));
      case 5: return this.#bytes.readInt32LE(this.take(4));
      case 6: return this.#bytes.readFloatLE(this.take(4));
      case 7: return this.#bytes.readUInt8(this.take(1)) !== 0;
      case 8: return this.text(limits.headerBytesMax);
      case 10: return Number(this.#bytes.readBigUInt64LE(this.take(8)));
      case 11: return Number(this.#bytes.readBigInt64LE(this.take(8)));
      case 12: return this.#bytes.readDoubleLE(this.take(8));
      default: throw new Damaged('it holds a kind of value that GGUF does not have');
    }
  }
}

const fixedBytes: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Arrays are counted, not kept (a vocabulary has 150,000 strings), except short lists of numbers such as heads per layer. */
function readArray(cursor: Cursor, depth: number): GgufValue {
  if (depth > limits.depthMax) throw new Damaged('its lists are nested too deeply');
  const kind = cursor.u32();
  const items = cursor.u64();
  const size = fixedBytes[kind];
  if (size !== undefined && items > limits.numbersKept) {
    cursor.take(items * size);
    return { items, numbers: [] };
  }
  const numbers: number[] = [];
  for (let index = 0; index < items; index += 1) {
    if (kind === 9) readArray(cursor, depth + 1);
    else if (kind === 8) cursor.take(cursor.u64());
    else numbers.push(Number(cursor.scalar(kind)));
  }
  return { items, numbers };
}

function readTensor(cursor: Cursor): GgufTensor {
  const name = cursor.text(limits.keyBytesMax);
  const dimensions = cursor.u32();
  if (dimensions > limits.dimensionsMax) throw new Damaged(`the tensor ${JSON.stringify(name.slice(0, 60))} has too many dimensions`);
  let elements = 1;
  let rowElements = 1;
  for (let index = 0; index < dimensions; index += 1) {
    const size = cursor.u64();
    if (index === 0) rowElements = size;
    elements *= size;
  }
  const type = tensorTypes[cursor.u32()];
  const offset = cursor.u64();
  if (type === undefined) throw new Damaged('its weights are stored in a form that this version does not know');
  if (elements > Number.MAX_SAFE_INTEGER || rowElements % type.block !== 0) throw new Damaged('a tensor in it has an impossible shape');
  return { name, type: type.name, elements, offset, bytes: (elements / type.block) * type.bytes };
}

function readCount(cursor: Cursor): number {
  const count = cursor.u64();
  if (count > limits.entriesMax) throw new Damaged('it announces an impossible number of entries');
  return count;
}

/** Parses header bytes. Throws `NeedMoreBytes` when the header goes on behind them. */
function parse(bytes: Buffer, fileBytes: number): GgufHeader {
  const cursor = new Cursor(bytes);
  if (bytes.toString('latin1', 0, 4) !== 'GGUF') throw new Damaged('it does not begin like a GGUF file');
  cursor.take(4);
  const version = cursor.u32();
  if (version !== 2 && version !== 3) throw new Damaged(`it is GGUF version ${version}, and only versions 2 and 3 can be read`);
  const tensorCount = readCount(cursor);
  const valueCount = readCount(cursor);
  const values = new Map<string, GgufValue>();
  for (let index = 0; index < valueCount; index += 1) {
    const key = cursor.text(limits.keyBytesMax);
    const kind = cursor.u32();
    values.set(key, kind === 9 ? readArray(cursor, 0) : cursor.scalar(kind));
  }
  const tensors: GgufTensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) tensors.push(readTensor(cursor));
  checkExtent({ values, tensors, headerEnd: cursor.position, fileBytes });
  return { version, values, tensors };
}

function checkExtent(layout: { values: ReadonlyMap<string, GgufValue>; tensors: readonly GgufTensor[]; headerEnd: number; fileBytes: number }): void {
  const stated = layout.values.get('general.alignment') ?? 32;
  if (typeof stated !== 'number' || stated < 1 || stated > 2 ** 20 || !Number.isInteger(Math.log2(stated))) throw new Damaged('its alignment is impossible');
  const start = Math.ceil(layout.headerEnd / stated) * stated;
  const needed = layout.tensors.reduce((end, tensor) => Math.max(end, start + tensor.offset + tensor.bytes), 0);
  if (layout.tensors.some((tensor) => tensor.offset % stated !== 0)) throw new Damaged('a tensor in it begins at an impossible place');
  if (new Set(layout.tensors.map((tensor) => tensor.name)).size !== layout.tensors.length) throw new Damaged('it names a tensor twice');
  if (needed > layout.fileBytes) {
    throw new Damaged(`it ends early: its weights need ${needed.toLocaleString('en-US')} bytes and it has ${layout.fileBytes.toLocaleString('en-US')}`);
  }
}

/** Reads and checks the header of `file`. Throws `model-file-invalid` with a sentence, or the file system's own error. */
export async function readGgufHeader(file: string): Promise<GgufHeader> {
  const handle = await open(file, 'r');
  try {
    const fileBytes = (await handle.stat()).size;
    for (let size = 2 ** 20; ; size *= 4) {
      const wanted = Math.min(size, fileBytes, limits.headerBytesMax);
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, 0);
      const last = wanted < size || bytesRead < wanted;
      const header = tryParse(buffer.subarray(0, bytesRead), { fileBytes, last });
      if (header !== undefined) return header;
    }
  } finally {
    await handle.close();
  }
}

/** Undefined when the header goes on behind `bytes` and there is more to read. */
function tryParse(bytes: Buffer, known: { fileBytes: number; last: boolean }): GgufHeader | undefined {
  try {
    return parse(bytes, known.fileBytes);
  } catch (error) {
    if (error instanceof NeedMoreBytes && !known.last) return undefined;
    if (error instanceof NeedMoreBytes) throw invalid('it ends early: it breaks off inside its own description');
    throw error instanceof Damaged ? invalid(error.message) : error;
  }
}

function invalid(reason: string): Problem {
  return new Problem('model-file-invalid', { detail: `The model file cannot be used: ${reason}.` });
}
