import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readMarkdown } from './markdown.ts';
import { encode, outline } from './testing.ts';

const read = (text: string) => readMarkdown(encode(text), limits);

test('headings, paragraphs, lists, quotes, code and tables become blocks in order', async () => {
  const document = await read(
    '# Leave\n\nYou have *25* [days](https://example.com)\nof leave.\n\n## Steps\n\n1. Ask\n2. Wait\n   - really\n\n> Be patient.\n\n```sql\nselect 1;\n```\n\n| Site | Days |\n|---|---|\n| Graz | 25 |\n| Wien | **26** |\n',
  );
  assert.equal(document.title, 'Leave');
  assert.deepEqual(outline(document), [
    'heading1 Leave',
    'paragraph You have 25 days of leave.',
    'heading2 Steps',
    'list-item 1. Ask',
    'list-item 2. Wait',
    'list-item really',
    'quote Be patient.',
    'code select 1;',
    'table Site | Days\nGraz | 25\nWien | 26',
  ]);
});

test('front matter is no text but gives the title', async () => {
  const document = await read('---\ntitle: "Travel policy"\ntags: [a]\n---\n\nBody.\n');
  assert.equal(document.title, 'Travel policy');
  assert.deepEqual(outline(document), ['paragraph Body.']);
});

test('raw HTML is read as a person sees it', async () => {
  const document = await read('Before<br>after <span>inline</span>.\n\n<div>Visible<script>alert(1)</script><p hidden>secret</p></div>\n\n<!-- a comment -->\n\n![alt words](x.png)\n');
  assert.deepEqual(outline(document), ['paragraph Before\nafter inline.', 'paragraph Visible']);
});

test('footnotes stay with their marks', async () => {
  assert.deepEqual(outline(await read('Paid monthly.[^1]\n\n[^1]: Except in June.\n')), ['paragraph Paid monthly.[1]', 'paragraph [1] Except in June.']);
});

test('a long table is kept in pieces that each begin with its header', async () => {
  const rows = Array.from({ length: 120 }, (_, index) => `| ${index} | x |`);
  const { blocks } = await read(`| No | Text |\n|---|---|\n${rows.join('\n')}\n`);
  assert.equal(blocks.length, 3);
  for (const block of blocks) assert.ok(block.text.startsWith('No | Text\n'));
});

test('text without words and endless nesting are refused with a reason', async () => {
  await assert.rejects(read('---\ntitle: x\n---\n\n<!-- nothing -->'), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(read(`${'> '.repeat(1000)}deep`), (error) => isProblem(error, 'file-too-complex'));
});
