/** The tree of an answer: what is let through, where citations and marks stand. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Element, Nodes } from 'hast';
import type { Sentence } from '#lib/answer/events.ts';
import { answerTree, quotedTree } from './answer-tree.ts';

const numbers = new Set([1, 2, 3]);
const plain = { sentences: [], numbers, streaming: false };

function elements(node: Nodes, name?: string): Element[] {
  const below = 'children' in node ? node.children.flatMap((child) => elements(child, name)) : [];
  return node.type === 'element' && (name === undefined || node.tagName === name) ? [node, ...below] : below;
}

/** The text of a tree with citations as [n] and without what keeps chips on their line. */
function words(node: Nodes): string {
  if (node.type === 'text') return node.value.replaceAll('\u2060', '');
  if (node.type === 'element' && node.tagName === 'citation') return `[${String(node.properties['number'])}]`;
  return 'children' in node ? node.children.map(words).join('') : '';
}

function sentence(text: string, part: string, support: Sentence['support']): Sentence {
  const start = text.indexOf(part);
  assert.ok(start >= 0);
  return { start, end: start + part.length, citations: [1], support, reason: 'reason' };
}

test('marks become citations and take the space before them along', () => {
  const tree = answerTree('Six weeks [1]. Two years [2][3], both [1, 2].', plain);
  assert.deepEqual(elements(tree, 'citation').map((one) => one.properties['number']), [1, 2, 3, 1, 2]);
  assert.equal(words(tree), 'Six weeks[1]. Two years[2][3], both[1][2].');
});

test('a number that no passage has is not shown', () => {
  assert.equal(words(answerTree('Six weeks [9] and more [1, 8].', plain)), 'Six weeks and more[1].');
});

test('what looks like a mark in code stays as it is', () => {
  const tree = answerTree('Use `list[1]` here.', plain);
  assert.equal(elements(tree, 'citation').length, 0);
  assert.equal(words(tree), 'Use list[1] here.');
});

test('links, images, HTML and definitions stay visible text', () => {
  const hostile = '[x](https://evil.example) ![i](https://evil.example/i.png) <img src=x onerror=alert(1)> https://evil.example <script>1</script> <https://evil.example>\n\n[1]: https://evil.example\n\n[ref][1] ![ref][1]';
  const tree = answerTree(hostile, plain);
  assert.deepEqual([...new Set(elements(tree).map((one) => one.tagName))].sort(), ['citation', 'p']);
  assert.match(words(tree), /\(https:\/\/evil\.example\)/);
});

test('no text at all makes an element that could load or run something', () => {
  const allowed = new Set(['p', 'strong', 'em', 'del', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'br', 'hr', 'citation', 'sentence']);
  const harmless = new Set(['start', 'align', 'number', 'index', 'bare', 'last']);
  const piece = fc.oneof(fc.string(), fc.constantFrom('![', '](', ')', '<a href="', '<img src=x>', 'javascript:alert(1)', '[1]: //x\n', '\n\n', '| a |\n|---|\n', '```', '> ', '# ', '* ', '[^1]', 'www.x.example', '&#x6a;', '<!--', '\\'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 24 }), fc.boolean(), (pieces, streaming) => {
      for (const one of elements(answerTree(pieces.join(''), { sentences: [], numbers, streaming }))) {
        assert.ok(allowed.has(one.tagName), one.tagName);
        for (const name of Object.keys(one.properties)) assert.ok(harmless.has(name), `${one.tagName} ${name}`);
      }
    }),
    { verbose: true, numRuns: 300 },
  );
});

test('a mark that is cut off is held back while words arrive, and only then', () => {
  assert.equal(words(answerTree('Six weeks [1', { ...plain, streaming: true })), 'Six weeks');
  assert.equal(words(answerTree('Six weeks [1', plain)), 'Six weeks [1');
});

test('a weak sentence is marked through its emphasis and citations, and its last piece once', () => {
  const text = 'First is fine [1]. The **second** one is weak [2]. Third.';
  const tree = answerTree(text, { ...plain, sentences: [sentence(text, 'First is fine [1].', 'supported'), sentence(text, 'The **second** one is weak [2].', 'weak')] });
  const pieces = elements(tree, 'sentence');
  assert.equal(pieces.map(words).join(''), 'The second one is weak.');
  assert.deepEqual(pieces.map((one) => one.properties['last'] === true), [false, false, false, true]);
  assert.deepEqual(pieces.map((one) => one.properties['bare']), [false, false, false, true]);
  assert.equal(words(tree), 'First is fine[1]. The second one is weak[2]. Third.');
});

test('sentences in lists and after escaped characters are found where they stand', () => {
  const text = 'Pay \\*all\\* of it &amp; more [1].\n\n- One item [1].\n- Wrong item [2].';
  const tree = answerTree(text, { ...plain, sentences: [sentence(text, 'Wrong item [2].', 'unsupported')] });
  assert.equal(elements(tree, 'sentence').map(words).join(''), 'Wrong item.');
  assert.equal(words(tree).replace(/\s+/g, ' ').trim(), 'Pay *all* of it & more[1]. One item[1]. Wrong item[2].');
});

test('quoted sentences keep every character, whatever it would mean in Markdown', () => {
  const tree = quotedTree('1. *Step* one | two [x](y) [2]\n\n# Not a heading [1]\n\nNo mark', numbers);
  assert.deepEqual(elements(tree, 'blockquote').map(words), ['1. *Step* one | two [x](y)[2]', '# Not a heading[1]', 'No mark']);
});
