import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { citedNumbers, readCitations } from './cite.ts';

const seed = Date.now() & 0x7fffffff;

function read(pieces: readonly string[], count: number): { text: string; invented: number } {
  const reader = readCitations(count);
  const text = pieces.map((piece) => reader.push(piece)).join('') + reader.end();
  return { text, invented: reader.invented };
}

const cases: [written: string, shown: string, invented: number][] = [
  ['18 weeks [1].', '18 weeks [1].', 0],
  ['Both [1, 2] and [1][3].', 'Both [1][2] and [1][3].', 0],
  ['All [1-3].', 'All [1][2][3].', 0],
  ['Invented [9].', 'Invented.', 1],
  ['Half [2, 7].', 'Half [2].', 1],
  ['[Source 2] says', '[2] says', 0],
  ['Footnote[^1]', 'Footnote[1]', 0],
  ['Wide【2†source】.', 'Wide[2].', 0],
  ['An array a[0] is text', 'An array a is text', 1],
  ['See [the handbook] and [x].', 'See [the handbook] and [x].', 0],
  ['Zero [0].', 'Zero.', 1],
  ['open [', 'open [', 0],
  ['nested [[1]] here', 'nested [[1]] here', 0],
];

test('marks of every usual form become plain ones, and invented numbers go', () => {
  for (const [written, shown, invented] of cases) assert.deepEqual(read([written], 3), { text: shown, invented }, written);
});

test('how the text is cut into pieces changes nothing', () => {
  for (const [written, shown, invented] of cases) {
    for (let cut = 0; cut <= written.length; cut += 1) {
      assert.deepEqual(read([written.slice(0, cut), written.slice(cut)], 3), { text: shown, invented }, `${written} cut at ${cut}`);
    }
    assert.deepEqual(read([...written], 3), { text: shown, invented }, `${written} letter by letter`);
  }
});

test('whatever is written, in whatever pieces, only real numbers are left', () => {
  const alphabet = fc.constantFrom('[', ']', '1', '2', '9', ',', ' ', '-', 'a', '.', '【', '】', '^', '\n', 'source ');
  fc.assert(fc.property(fc.array(alphabet, { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (parts, step) => {
    const whole = parts.join('');
    const pieces = [];
    for (let index = 0; index < whole.length; index += step) pieces.push(whole.slice(index, index + step));
    const { text } = read(pieces, 2);
    assert.deepEqual(read([whole], 2).text, text);
    assert.ok(citedNumbers(text).every((number) => number === 1 || number === 2), text);
  }), { seed, numRuns: 2000 });
});

test('text without brackets comes out as it went in', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), (pieces) => {
    const clean = pieces.map((piece) => piece.replace(/[[【]/g, ''));
    assert.equal(read(clean, 2).text, clean.join(''));
  }), { seed });
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
