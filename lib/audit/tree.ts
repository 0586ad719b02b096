/**
 * The tree of the log over kept hashes: roots, beginnings and proofs of any size from a few reads, however long the log
 * is. A hash of level n stands for 256^n leaves; only complete ones are kept. Knows no database: `read` brings hashes.
 */
import { appendLeaf, emptyFrontier, nodeHash, rootOf, type Frontier, type Node } from './merkle.ts';

/** Leaves below a hash of level 1, and hashes of one level below one of the next. */
export const tileWidth = 256;
const bitsPerLevel = 8;

/** The hashes [start, end) of a level; level 0 are the leaves. Throws TreeGap where one is not there. */
export type ReadHashes = (level: number, start: number, end: number) => Promise<Buffer[]>;

/** The log has no record of that number, although a later one is there. */
export class TreeGap extends Error {
  readonly seq: number;
  constructor(seq: number) {
    super(`Record ${seq} is missing.`);
    this.seq = seq;
  }
}

/** Joins hashes of one level, from a boundary on, to those of the complete subtrees that they make, largest first. */
export function fold(hashes: readonly Buffer[]): Buffer[] {
  const frontier = emptyFrontier();
  for (const hash of hashes) appendLeaf(frontier, hash);
  return frontier.hashes;
}

/** What the tree of the first `size` leaves consists of. */
export async function frontierAt(size: number, read: ReadHashes): Promise<Frontier> {
  const hashes: Buffer[] = [];
  let start = 0;
  for (let level = Math.floor(Math.log2(Math.max(size, 1)) / bitsPerLevel); level >= 0; level -= 1) {
    const end = Math.floor(size / tileWidth ** level);
    if (end > start) hashes.push(...fold(await read(level, start, end)));
    start = end * tileWidth;
  }
  return { size, hashes };
}

/** The root of the first `size` leaves. */
export async function rootAt(size: number, read: ReadHashes): Promise<Buffer> {
  return rootOf(await frontierAt(size, read));
}

/** The hash of one complete subtree. */
export async function hashOf({ level, index }: Node, read: ReadHashes): Promise<Buffer> {
  const kept = Math.floor(level / bitsPerLevel);
  const width = 2 ** (level - kept * bitsPerLevel);
  const [hash, ...others] = fold(await read(kept, index * width, (index + 1) * width));
  if (hash === undefined || others.length > 0) throw new Error('Not as many hashes were read as were asked for.');
  return hash;
}

/** Told of every complete subtree that appending completes. */
export type EachNode = (node: Node, hash: Buffer) => void;

/** Adds a complete subtree of 2^level leaves in place. The tree must end on a boundary of that level. */
export function appendSubtree(frontier: Frontier, { level, hash: added }: { level: number; hash: Buffer }, eachNode?: EachNode): void {
  if (frontier.size % 2 ** level !== 0) throw new Error('The subtree does not fit the end of the tree.');
  let hash = added;
  let at = level;
  let index = frontier.size / 2 ** level;
  eachNode?.({ level: at, index }, hash);
  for (; index % 2 === 1; index = (index - 1) / 2) {
    const left = frontier.hashes.pop();
    if (left === undefined) throw new Error('The frontier does not fit its size.');
    hash = nodeHash(left, hash);
    at += 1;
    eachNode?.({ level: at, index: (index - 1) / 2 }, hash);
  }
  frontier.hashes.push(hash);
  frontier.size += 2 ** level;
}
