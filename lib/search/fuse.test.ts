import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { keepDistinct } from './distinct.ts';
import { fuse, semanticWeight } from './fuse.ts';
import type { Candidate } from './types.ts';

const seed = Date.now() & 0x7fffffff;

const list = (min: number, max: number): fc.Arbitrary<Candidate[]> => fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 })
  .chain((ids) => fc.array(fc.double({ min, max, noNaN: true }), { minLength: ids.length, maxLength: ids.length })
        .map((scores) => scores.map((score) => Math.round(score * 1000) / 1000).toSorted((left, right) => right - left)
      .map((score, index) => ({ chunkId: ids[index] ?? 0, score }))));

const query = (known: number, total = 40) => ({ known, total });

const ids = (candidates: readonly { chunkId: number }[]) => candidates.map((each) => each.chunkId);

test('one list alone keeps its order', () => {
  fc.assert(fc.property(list(0.1, 30), (lexical) => {
    const fused = fuse(lexical, [], query(1));
    for (const [index, each] of fused.entries()) assert.ok(index === 0 || each.fused <= (fused[index - 1]?.fused ?? 0));
    assert.deepEqual(new Set(ids(fused)), new Set(ids(lexical)));
    assert.equal(fused[0]?.lexical ?? null, lexical[0]?.score ?? null);
  }), { seed });
});

test('a chunk that is best in both lists comes first, and every score lies between 0 and 1', () => {
  fc.assert(fc.property(list(0.1, 30), list(-1, 1), fc.double({ min: 0, max: 1, noNaN: true }), (lexical, semantic, known) => {
    const fused = fuse([{ chunkId: 99, score: 31 }, ...lexical], [{ chunkId: 99, score: 1.1 }, ...semantic], query(known));
    assert.equal(fused[0]?.chunkId, 99);
    for (const each of fused) assert.ok(each.fused >= 0 && each.fused <= 1.000001, String(each.fused));
    assert.equal(new Set(ids(fused)).size, fused.length);
  }), { seed });
});

test('the scale of either score changes nothing', () => {
  fc.assert(fc.property(list(0.1, 30), list(-1, 1), (lexical, semantic) => {
    const scaled = lexical.map((each) => ({ ...each, score: each.score * 8 }));
    const shifted = semantic.map((each) => ({ ...each, score: each.score / 4 + 0.5 }));
    const [left, right] = [fuse(lexical, semantic, query(1)), fuse(scaled, shifted, query(1, 320))];
    for (const each of left) assert.ok(Math.abs(each.fused - (right.find((other) => other.chunkId === each.chunkId)?.fused ?? -1)) < 1e-9);
  }), { seed });
});

test('meaning decides when the documents do not know the words of the question', () => {
  const lexical = [{ chunkId: 1, score: 5 }];
  const semantic = [{ chunkId: 2, score: 0.9 }, { chunkId: 3, score: 0.1 }];
  assert.equal(semanticWeight(lexical, semantic, query(0)), 1);
  assert.ok(semanticWeight(lexical, semantic, query(1)) <= 0.6);
  assert.equal(semanticWeight(lexical, [], query(0)), 0);
  assert.equal(semanticWeight([], semantic, query(1)), 1);
});

test('an embedder that scatters what words agree on gets little say', () => {
  const lexical = Array.from({ length: 20 }, (_, index) => ({ chunkId: index, score: 20 - index }));
  const agreeing = lexical.map((each) => ({ ...each, score: each.score / 20 }));
  const scattered = Array.from({ length: 20 }, (_, index) => ({ chunkId: 100 + index, score: 1 - index / 20 }));
  assert.ok(semanticWeight(lexical, scattered, query(1)) < 0.5 * semanticWeight(lexical, agreeing, query(1)));
});

test('near copies are kept once and a document at most three times', () => {
  const passage = (documentId: string, text: string) => ({ documentId, text });
  const kept = keepDistinct([
    passage('a', 'Primary carers get eighteen weeks of paid parental leave.'), passage('b', 'Primary carers get eighteen weeks of paid parental leave!'),
    passage('a', 'one two three'), passage('a', 'four five six'), passage('a', 'seven eight nine'), passage('c', 'ten eleven twelve'),
  ], 10);
  assert.deepEqual(kept.map((each) => each.documentId), ['a', 'a', 'a', 'c']);
  assert.equal(keepDistinct(kept, 2).length, 2);
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
