/** The Merkle tree against transparency-dev's vectors, against the definition of RFC 6962, and against itself. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { surroundings } from '../env.ts';
import { appendLeaf, consistencyParts, emptyFrontier, emptyRoot, inclusionParts, leafHash, nodeHash, readProof, rootOf, verifyConsistency, verifyInclusion, type Node } from './merkle.ts';

const data = surroundings()['ATTEST_TEST_DATA'] ?? '';
const skip = data === '' ? 'ATTEST_TEST_DATA does not name the folder with the public vectors' : false;
const sizeMax = 1025;

interface Vector {
  leafIdx: number;
  treeSize: number;
  leafHash: string;
  size1: number;
  size2: number;
  root: string;
  root1: string;
  root2: string;
  proof: string[] | null;
  desc: string;
  wantErr: boolean;
}

function readVectors(kind: 'inclusion' | 'consistency'): Vector[] {
  const folder = path.join(data, 'merkle-vectors', kind);
  return fs.globSync('**/*.json', { cwd: folder }).sort().map((file) => JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8')) as Vector);
}

const bytes = (base64: string): Buffer => Buffer.from(base64, 'base64');

for (const kind of ['inclusion', 'consistency'] as const) {
  test(`all 98 public vectors of ${kind} proofs are judged as they say`, { skip }, () => {
    const vectors = readVectors(kind);
    assert.equal(vectors.length, 98);
    for (const vector of vectors) {
      const proof = (vector.proof ?? []).map(bytes);
      const holds = kind === 'inclusion'
        ? verifyInclusion({ index: vector.leafIdx, size: vector.treeSize, leaf: bytes(vector.leafHash), proof, root: bytes(vector.root) })
        : verifyConsistency({ firstSize: vector.size1, firstRoot: bytes(vector.root1), size: vector.size2, root: bytes(vector.root2), proof });
      assert.equal(holds, !vector.wantErr, vector.desc);
    }
  });
}

/** RFC 6962's definition, word for word: MTH of a list of leaf hashes. */
function definedRoot(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return createHash('sha256').digest();
  const [only] = leaves;
  if (leaves.length === 1 && only !== undefined) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(definedRoot(leaves.slice(0, split)), definedRoot(leaves.slice(split)));
}

const leaves = Array.from({ length: sizeMax }, (_, index) => leafHash(Buffer.from(`record ${index}`)));

test('the root of every size from 0 to 1,025 is the one that RFC 6962 defines', () => {
  const frontier = emptyFrontier();
  assert.deepEqual(rootOf(frontier), emptyRoot);
  for (let size = 1; size <= sizeMax; size += 1) {
    appendLeaf(frontier, leaves[size - 1] ?? assert.fail());
    assert.deepEqual(rootOf(frontier), definedRoot(leaves.slice(0, size)), `size ${size}`);
  }
});

/** Every complete subtree, as the log keeps them. */
const nodes = new Map<string, Buffer>();
const whole = emptyFrontier();
for (const [index, leaf] of leaves.entries()) {
  nodes.set(`0 ${index}`, leaf);
  appendLeaf(whole, leaf, (level, at, hash) => nodes.set(`${level} ${at}`, hash));
}
const hashOf = ({ level, index }: Node): Promise<Buffer> => Promise.resolve(nodes.get(`${level} ${index}`) ?? assert.fail(`no node ${level} ${index}`));
const rootAt = (size: number): Buffer => definedRoot(leaves.slice(0, size));

test('an inclusion proof made for any leaf is accepted for it and for nothing else', async () => {
  for (const size of [1, 2, 3, 7, 8, 9, 255, 256, 257, 1000, sizeMax]) {
    const root = rootAt(size);
    for (let index = 0; index < size; index += Math.max(1, Math.floor(size / 23))) {
      const proof = await readProof(inclusionParts(index, size), hashOf);
      const leaf = leaves[index] ?? assert.fail();
      assert.ok(verifyInclusion({ index, size, leaf, proof, root }), `${index} of ${size}`);
      assert.ok(!verifyInclusion({ index, size, leaf: leafHash(Buffer.from('another')), proof, root }));
      assert.ok(!verifyInclusion({ index: index + 1, size, leaf, proof, root }));
      if (proof.length > 0) assert.ok(!verifyInclusion({ index, size, leaf, proof: proof.slice(1), root }));
      assert.ok(!verifyInclusion({ index, size, leaf, proof: [...proof, root], root }));
    }
  }
});

test('a consistency proof between any two sizes is accepted for them and for nothing else', async () => {
  for (const size of [2, 3, 8, 9, 256, 257, 1000, sizeMax]) {
    for (let first = 1; first <= size; first += Math.max(1, Math.floor(size / 23))) {
      const proof = await readProof(consistencyParts(first, size), hashOf);
      const shown = { firstSize: first, firstRoot: rootAt(first), size, root: rootAt(size), proof };
      assert.ok(verifyConsistency(shown), `${first} of ${size}`);
      assert.ok(!verifyConsistency({ ...shown, firstRoot: leafHash(Buffer.from('another')) }));
      assert.ok(!verifyConsistency({ ...shown, proof: [...proof, shown.root] }));
      if (first < size) assert.ok(!verifyConsistency({ ...shown, root: leafHash(Buffer.from('another')) }));
      if (first + 1 < size) assert.ok(!verifyConsistency({ ...shown, firstSize: first + 1 }));
    }
  }
});

test('a proof is asked only of leaves and sizes that exist', () => {
  assert.throws(() => inclusionParts(3, 3), RangeError);
  assert.throws(() => inclusionParts(-1, 3), RangeError);
  assert.throws(() => consistencyParts(0, 3), RangeError);
  assert.throws(() => consistencyParts(4, 3), RangeError);
});
