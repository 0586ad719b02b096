import assert from 'node:assert/strict';
import test from 'node:test';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readHtml } from './html.ts';
import { encode, outline } from './testing.ts';

const read = (text: string) => readHtml(encode(text), limits);

test('a page is read in order with its structure', async () => {
  const document = await read(`<!doctype html><title>Sign in &amp; out</title><body>
    <h1>Passwords</h1><p>Use   a <b>long</b>
    one.<br>Never share it.</p><ol start="3"><li>Open<li><p>Save</p></ol><ul><li>Note</ul>
    <blockquote>Quoted</blockquote><pre>
  a  b
</pre><dl><dt>PIN</dt><dd>Four digits</dd></dl>
    <table><caption>Rules</caption><tr><th>Kind<th>Length<tr><td>Normal<td>14<tr><td colspan=2>All</table>tail`);
  assert.equal(document.title, 'Sign in & out');
  assert.deepEqual(outline(document), [
    'heading1 Passwords',
    'paragraph Use a long one.\nNever share it.',
    'list-item 3. Open',
    'list-item 4. Save',
    'list-item Note',
    'quote Quoted',
    'code   a  b',
    'paragraph PIN',
    'list-item Four digits',
    'paragraph Rules',
    'table Kind | Length\nNormal | 14\nAll',
    'paragraph tail',
  ]);
});

test('what a browser does not show is not read', async () => {
  const document = await read(`<p>Shown</p><script>x()</script><style>p{}</style><noscript>n</noscript><template>t</template>
    <p hidden>a</p><p style="color:red; DISPLAY : none">b</p><span style="font-size:0px">c</span><div style="visibility:hidden!important">d</div>
    <p style="opacity:0">e</p><textarea>f</textarea><iframe srcdoc="g"></iframe><svg><text>h</text></svg><img alt="i"><!-- j -->`);
  assert.deepEqual(outline(document), ['paragraph Shown']);
});

test('a table that only arranges the page is read as flowing text', async () => {
  const document = await read('<table><tr><td><h2>News</h2><p>One</p></td><td><table><tr><th>a<th>b<tr><td>1<td>2</table></td></tr></table>');
  assert.deepEqual(outline(document), ['heading2 News', 'paragraph One', 'table a | b\n1 | 2']);
});

test('the encoding that the page names is used', async () => {
  const document = await readHtml(Buffer.from('<meta charset="iso-8859-1"><p>Gr\u00fc\u00dfe</p>', 'latin1'), limits);
  assert.deepEqual(outline(document), ['paragraph Grüße']);
  assert.deepEqual(document.warnings, []);
});

test('a page without text and a page nested without end are refused with a reason', async () => {
  await assert.rejects(read('<script>only()</script>'), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(read(`${'<div>'.repeat(2000)}deep`), (error) => isProblem(error, 'file-too-complex'));
  const wide = `<table><tr>${'<td>x</td>'.repeat(limits.columnsMax + 1)}</tr></table>`;
  await assert.rejects(read(wide), (error) => isProblem(error, 'file-too-complex'));
});
