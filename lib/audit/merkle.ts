/**
 * The Merkle tree of RFC 6962 (and RFC 9162, section 2.1): hashes, roots, and the two kinds of proof. It knows bytes and
 * numbers only, so that the offline verifier can use the very same code. Tested against transparency-dev's vectors.
 */
import { createHash } from 'node:crypto';

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** Bytes of every hash. */
export const hashBytes = 32;

/** RFC 6962, section 2.1: SHA-256(0x00 || body). */
export function leafHash(body: Uint8Array): Buffer {
  return createHash('sha256').update(leafPrefix).update(body).digest();
}

/** SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update(nodePrefix).update(left).update(right).digest();
}

/** Root of the empty tree. */
export const emptyRoot = createHash('sha256').digest();

/**
 * Hashes of the complete subtrees that a tree of some size consists of, largest first. It is all that is needed to
 * append further leaves and to say the root, however long the log is.
 */
export interface Frontier {
  size: number;
  hashes: Buffer[];
}

export const emptyFrontier = (): Frontier => ({ size: 0, hashes: [] });

/** Adds one leaf in place. `eachNode` is told of every complete subtree that this completes: level 1 joins two leaves. */
export function appendLeaf(frontier: Frontier, leaf: Buffer, eachNode?: (level: number, index: number, hash: Buffer) => void): void {
  let hash = leaf;
  let level = 0;
  for (let index = frontier.size; index % 2 === 1; index = (index - 1) / 2) {
    const left = frontier.hashes.pop();
    if (left === undefined) throw new Error('The frontier does not fit its size.');
    hash = nodeHash(left, hash);
    level += 1;
    eachNode?.(level, (index - 1) / 2, hash);
  }
  frontier.hashes.push(hash);
  frontier.size += 1;
}

/** The root of the tree that a frontier stands for. */
export function rootOf({ hashes }: Frontier): Buffer {
  const last = hashes.at(-1);
  if (last === undefined) return emptyRoot;
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** A complete subtree: the `index`th of 2^level leaves. Level 0 is a leaf. */
export interface Node {
  level: number;
  index: number;
}

/** The complete subtrees that leaves `start` to `end` (not included) consist of, from left to right; `start` lies on a boundary of its own tree. */
export function subtrees(start: number, end: number): Node[] {
  const nodes: Node[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level += 1;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** One hash of a proof: the root of these complete subtrees, joined from the right. */
export type ProofPart = Node[];

/** Which subtrees an inclusion proof of leaf `index` in a tree of `size` is made of, from the leaf upwards. RFC 9162, section 2.1.3.1. */
export function inclusionParts(index: number, size: number): ProofPart[] {
  if (!isIndex(index) || !isIndex(size) || index >= size) throw new RangeError(`There is no leaf ${index} in a tree of ${size}.`);
  const parts: ProofPart[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    const isLeft = index < middle;
    parts.push(isLeft ? subtrees(middle, end) : subtrees(start, middle));
    [start, end] = isLeft ? [start, middle] : [middle, end];
  }
  return parts.toReversed();
}

/** The same for a consistency proof between a tree of `first` leaves and one of `size`. Empty where nothing is to be shown. RFC 9162, section 2.1.4.1. */
export function consistencyParts(first: number, size: number): ProofPart[] {
  if (!isIndex(first) || !isIndex(size) || first < 1 || first > size) throw new RangeError(`A tree of ${size} has no beginning of ${first}.`);
  if (first === size) return [];
  const parts: ProofPart[] = [];
  let [start, end, isWhole] = [0, size, true];
  while (first - start !== end - start) {
    const middle = start + splitOf(end - start);
    const isLeft = first <= middle;
    parts.push(isLeft ? subtrees(middle, end) : subtrees(start, middle));
    if (isLeft) end = middle;
    else [start, isWhole] = [middle, false];
  }
  if (!isWhole) parts.push(subtrees(start, end));
  return parts.toReversed();
}

/** Turns parts into hashes; `hashOf` gives the hash of a complete subtree. */
export async function readProof(parts: readonly ProofPart[], hashOf: (node: Node) => Promise<Buffer>): Promise<Buffer[]> {
  const proof: Buffer[] = [];
  for (const part of parts) {
    const hashes: Buffer[] = [];
    for (const node of part) hashes.push(await hashOf(node));
    proof.push(rootOf({ size: 0, hashes }));
  }
  return proof;
}

export interface Inclusion {
  index: number;
  size: number;
  leaf: Uint8Array;
  proof: readonly Uint8Array[];
  root: Uint8Array;
}

/** True when the proof shows that the leaf stands at `index` in the tree of that size and root. RFC 9162, section 2.1.3.2. */
export function verifyInclusion({ index, size, leaf, proof, root }: Inclusion): boolean {
  if (!isIndex(index) || !isIndex(size) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let [at, last] = [index, size - 1];
  let hash: Uint8Array = leaf;
  for (const part of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(part, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(hash, part);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isEqual(hash, root);
}

export interface Consistency {
  firstSize: number;
  firstRoot: Uint8Array;
  size: number;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}

/** True when the proof shows that the larger tree begins with the smaller one. RFC 9162, section 2.1.4.2. Nothing is a beginning of everything and shown by nothing, so size 0 is refused. */
export function verifyConsistency({ firstSize, firstRoot, size, root, proof }: Consistency): boolean {
  if (!isIndex(firstSize) || !isIndex(size) || firstSize < 1 || firstSize > size) return false;
  if (firstSize === size) return proof.length === 0 && isEqual(firstRoot, root);
  if (![firstRoot, root, ...proof].every(isHash)) return false;
  const path = isPowerOfTwo(firstSize) ? [firstRoot, ...proof] : proof;
  const [start, ...others] = path;
  if (start === undefined || proof.length === 0) return false;
  let [at, last] = [firstSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [first, second] = [start, start];
  for (const part of others) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [first, second] = [nodeHash(part, first), nodeHash(part, second)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      second = nodeHash(second, part);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && isEqual(first, firstRoot) && isEqual(second, root);
}

/** Largest power of two below `count`: where a tree splits. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

const half = (value: number): number => Math.floor(value / 2);
const isPowerOfTwo = (value: number): boolean => Number.isInteger(Math.log2(value));
const isIndex = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const isHash = (value: Uint8Array): boolean => value.length === hashBytes;
const isEqual = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;
