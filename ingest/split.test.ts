import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { boxesOf, repeatedHeader, textOf } from '#lib/documents/place.ts';
import type { Block } from '#lib/documents/types.ts';
import { clean } from './clean.ts';
import { measure, split } from './split.ts';

const heading = (level: number, text: string): Block => ({ kind: 'heading', level, text });
const paragraph = (text: string): Block => ({ kind: 'paragraph', text });
const words = (count: number): string => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

test('small blocks of one section become one chunk with its headings', async () => {
  const chunks = await split([heading(1, 'Handbook'), heading(2, 'Leave'), paragraph('You have 25 days.'), paragraph('Ask your lead.')]);
  assert.equal(chunks.length, 1);
  assert.equal(chunks[0]?.text, 'Handbook\nLeave\nYou have 25 days.\nAsk your lead.');
  assert.deepEqual(chunks[0].headings, ['Handbook', 'Leave']);
  assert.deepEqual(chunks[0].place.headings, ['Handbook', 'Leave']);
});

test('no chunk goes over a heading of level 1 or 2', async () => {
  const chunks = await split([heading(2, 'A'), paragraph('First.'), heading(3, 'A.1'), paragraph('Second.'), heading(2, 'B'), paragraph('Third.')]);
  assert.deepEqual(chunks.map((chunk) => chunk.text), ['A\nFirst.\nA.1\nSecond.', 'B\nThird.']);
  assert.deepEqual(chunks.map((chunk) => chunk.headings), [['A'], ['B']]);
});

test('a heading goes with the text below it, not with the text above', async () => {
  const chunks = await split([paragraph(words(90)), heading(4, 'Below'), paragraph(words(90))]);
  assert.equal(chunks.length, 2);
  assert.ok(chunks[1]?.text.startsWith('Below\nword0'));
});

test('a long paragraph is cut at the ends of sentences', async () => {
  const sentence = 'The meter is checked once a year by the laboratory.';
  const chunks = await split([paragraph(Array<string>(60).fill(sentence).join(' '))]);
  assert.ok(chunks.length >= 3);
  for (const chunk of chunks) assert.ok(chunk.text.endsWith('.') && chunk.text.startsWith('The meter'), chunk.text);
});

test('a long table is cut between rows and repeats its header row', async () => {
  const rows = Array.from({ length: 200 }, (_, index) => `item ${index} | ${index * 3} | delivered`);
  const block: Block = { kind: 'table', text: ['Item | Amount | State', ...rows].join('\n') };
  const chunks = await split([block]);
  assert.ok(chunks.length > 3);
  for (const chunk of chunks) assert.ok(chunk.text.startsWith('Item | Amount | State\nitem '), chunk.text.slice(0, 60));
  assert.deepEqual(chunks.flatMap((chunk) => chunk.text.split('\n').slice(1)), rows);
  assert.equal(block.text.slice(chunks[1]?.place.from.offset).startsWith('item '), true, 'the place is that of the rows, not of the header');
});

test('text without spaces is cut between whole characters', async () => {
  const chunks = await split([paragraph('😀'.repeat(1500)), paragraph('東京都の労働時間。'.repeat(120))]);
  assert.ok(chunks.every((chunk) => chunk.text.isWellFormed() && measure(chunk.text) <= 1200));
});

test('a chunk over two pages of a PDF has boxes on both, and half a line has half a box', async () => {
  const line = { x: 10, y: 20, width: 100, height: 10 };
  const block: Block = { ...paragraph('abcdefghij klmnopqrst'), page: 3, lines: [{ ...line, page: 3, start: 0, end: 10 }, { ...line, page: 4, start: 11, end: 21 }] };
  const [chunk] = await split([block]);
  assert.equal(chunk?.place.page, 3);
  assert.deepEqual(chunk.place.boxes?.map((box) => box.page), [3, 4]);
  assert.deepEqual(boxesOf([block], { from: { block: 0, offset: 5 }, to: { block: 0, offset: 10 } }), [{ page: 3, x: 60, y: 20, width: 50, height: 10 }]);
});

test('a sheet keeps its number and name', async () => {
  const [chunk] = await split([{ ...paragraph('x'), page: 2, pageLabel: 'Budget' }]);
  assert.deepEqual([chunk?.place.page, chunk?.place.pageLabel], [2, 'Budget']);
});

test('nothing to split gives nothing', async () => {
  assert.deepEqual(await split([]), []);
});

const prose = fc.array(fc.oneof(fc.lorem({ maxCount: 60, mode: 'sentences' }), fc.string({ unit: 'grapheme', maxLength: 300 }), fc.constant('あ'.repeat(700)), fc.constant('x'.repeat(2500))), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
const row = fc.array(fc.lorem({ maxCount: 4 }), { minLength: 1, maxLength: 5 }).map((cells) => cells.join(' | '));
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('heading' as const), level: fc.integer({ min: 1, max: 6 }), text: fc.lorem({ maxCount: 5 }) }),
  fc.record({ kind: fc.constantFrom('paragraph' as const, 'list-item' as const, 'quote' as const, 'code' as const), text: prose }),
  fc.record({ kind: fc.constant('table' as const), text: fc.array(row, { minLength: 1, maxLength: 80 }).map((rows) => rows.join('\n')) }),
);

test('every chunk is what its place says, and together they hold every character', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(block, { maxLength: 25 }), async (raw) => {
      const { blocks } = clean({ blocks: raw, warnings: [] });
      const chunks = await split(blocks);
      const covered = blocks.map(() => new Set<number>());
      let end = { block: 0, offset: 0 };
      for (const [ordinal, chunk] of chunks.entries()) {
        const { from, to } = chunk.place;
        assert.equal(chunk.ordinal, ordinal);
        assert.equal(chunk.text, textOf(blocks, chunk.place));
        assert.ok(chunk.text.trim() !== '' && measure(chunk.text) <= 2000, `size ${measure(chunk.text)}`);
        assert.ok(from.block > end.block || (from.block === end.block && from.offset >= end.offset), 'chunks do not overlap');
        end = to;
        for (let index = from.block; index <= to.block; index += 1) {
          const start = index === from.block ? from.offset : 0;
          const stop = index === to.block ? to.offset : blocks[index]!.text.length;
          for (let offset = start; offset < stop; offset += 1) covered[index]!.add(offset);
        }
        const inside = blocks.slice(from.block, to.block + 1);
        const body = inside.findIndex((member) => member.kind !== 'heading');
        const late = inside.slice(Math.max(0, body)).some((member) => member.kind === 'heading' && (member.level ?? 6) <= 2);
        assert.ok(body < 0 || !late, 'a chunk goes over a heading of level 1 or 2');
        if (inside.at(-1)?.kind === 'heading' && body >= 0) assert.fail('a heading stands alone at the end of a chunk');
        const header = repeatedHeader(blocks[from.block], from.offset);
        if (header !== undefined) assert.ok(chunk.text.startsWith(`${header}\n`));
      }
      blocks.forEach((member, index) => {
        for (let offset = 0; offset < member.text.length; offset += 1) {
          if (member.text.charAt(offset).trim() !== '') assert.ok(covered[index]!.has(offset), `character ${offset} of block ${index} is in no chunk`);
        }
      });
    }),
    { numRuns: 300, verbose: true },
  );
});
