import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { confinedCommand, findConfinement } from './confinement.ts';
import { judge, parseInSandbox, type Exit, type Usage } from './sandbox.ts';
import { buildPdf, buildWord, encode, outline, scratchFile } from './testing.ts';

const pdf = () => buildPdf((file) => file.font('Helvetica').fontSize(12).text('Words on a page', 50, 50));

test('a file is parsed in a child process and its boxes come through', async (context) => {
  let usage: Usage | undefined;
  const document = await parseInSandbox({ path: await scratchFile(context, await pdf()), format: 'pdf', onUsage: (measured) => (usage = measured) });
  assert.deepEqual(outline(document), ['paragraph Words on a page']);
  assert.equal(document.blocks[0]?.lines?.length, 1);
  assert.ok(usage && usage.wallMs > 0);
  if (process.platform === 'linux') assert.ok(usage.residentBytes > 20e6 && usage.residentBytes < 300e6, String(usage.residentBytes));
});

test('every format has a reader that loads inside the sandbox', async (context) => {
  assert.deepEqual(outline(await parseInSandbox({ path: await scratchFile(context, buildWord('<w:p><w:r><w:t>Word</w:t></w:r></w:p>')), format: 'docx' })), ['paragraph Word']);
  for (const [format, text] of [['markdown', 'hello'], ['html', '<p>hello'], ['text', 'hello'], ['csv', 'hello']] as const) {
    const { blocks } = await parseInSandbox({ path: await scratchFile(context, text), format });
    assert.equal(blocks[0]?.text, 'hello', format);
  }
  const transcript = await parseInSandbox({ path: await scratchFile(context, '1\n00:00:01,000 --> 00:00:02,000\nhello\n'), format: 'text' });
  assert.equal(transcript.blocks[0]?.text, 'hello');
  const archive = await scratchFile(context, buildWord(''));
  for (const format of ['xlsx', 'pptx'] as const) await assert.rejects(parseInSandbox({ path: archive, format }), (error) => isProblem(error, 'file-type-mismatch'));
});

test('the text that leaves the child is clean already', async (context) => {
  const text = await scratchFile(context, `pay\u200b  the\u202e bill, cafe\u0301\n\n\u200b\u200b \u0007\n\n${'\u{e0041}'.repeat(21)}end`);
  const { blocks, warnings } = await parseInSandbox({ path: text, format: 'text' });
  assert.deepEqual(blocks.map((block) => block.text), ['pay the bill, caf\u00e9', 'end']);
  assert.match(warnings[0]?.message ?? '', /invisible characters were removed/);
  await assert.rejects(parseInSandbox({ path: await scratchFile(context, '\u200b\u2060 \u202e'), format: 'text' }), (error) => isProblem(error, 'file-no-text'));
});

test('what a reader refuses keeps its code and its words', async (context) => {
  const secret = await buildPdf((file) => file.text('x'), { userPassword: 'secret' });
  await assert.rejects(parseInSandbox({ path: await scratchFile(context, secret), format: 'pdf' }), (error) => isProblem(error, 'file-encrypted'));
  await assert.rejects(parseInSandbox({ path: await scratchFile(context, '<i hidden>x</i>'), format: 'html' }), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(parseInSandbox({ path: await scratchFile(context, ''), format: 'text' }), (error) => isProblem(error, 'file-empty'));
});

test('a child that takes too long, too much memory or answers too much is stopped with a reason', async (context) => {
  const file = await scratchFile(context, await pdf());
  const cases = [
    [{ parseMsBase: 30, parseMsPerMebibyte: 0 }, /longer than/],
    [{ childHeapMebibytesMax: 16 }, /more memory/],
    [{ resultBytesMax: 10 }, /more text/],
    ...(process.platform === 'linux' ? [[{ childResidentBytesMax: 40e6, childWatchMs: 5 }, /more memory/] as const] : []),
  ] as const;
  for (const [bounds, words] of cases) {
    await assert.rejects(parseInSandbox({ path: file, format: 'pdf', limits: { ...limits, ...bounds } }), (error) => isProblem(error, 'file-too-complex') && words.test(error.message));
  }
});

test('a caller who gives up ends the child', async (context) => {
  const file = await scratchFile(context, await pdf());
  const stopping = new AbortController();
  const parsing = parseInSandbox({ path: file, format: 'pdf', signal: stopping.signal });
  setTimeout(() => stopping.abort(new Error('shutting down')), 50);
  await assert.rejects(parsing, /shutting down/);
  await assert.rejects(parseInSandbox({ path: file, format: 'pdf', signal: stopping.signal }), /shutting down/);
});

test('a missing file is a fault of ours, not of the file', async () => {
  await assert.rejects(parseInSandbox({ path: '/nowhere/at/all', format: 'pdf' }), { code: 'ENOENT' });
});

test('a child that fails, lies or is killed is judged in words', () => {
  const exit: Exit = { stop: undefined, code: 0, signal: null, stdout: '', stderr: '' };
  const cases: [Partial<Exit>, 'file-damaged' | 'file-too-complex' | 'file-no-text'][] = [
    [{ code: 1 }, 'file-damaged'],
    [{ code: null, signal: 'SIGSEGV' }, 'file-damaged'],
    [{ code: null, signal: 'SIGKILL' }, 'file-too-complex'],
    [{ code: null, signal: 'SIGXCPU' }, 'file-too-complex'],
    [{ code: 134, signal: 'SIGABRT', stderr: 'FATAL ERROR: JavaScript heap out of memory' }, 'file-too-complex'],
    [{ stdout: 'not json' }, 'file-damaged'],
    [{ stdout: '{"outcome":"parsed","document":{"blocks":[{"kind":"script","text":"x"}],"warnings":[]}}' }, 'file-damaged'],
    [{ stdout: '{"outcome":"parsed","document":{"blocks":[{"kind":"paragraph","text":"x","lines":[{"page":1,"x":0,"y":0,"width":1,"height":1,"start":0,"end":9}]}],"warnings":[]}}' }, 'file-damaged'],
    [{ stdout: '{"outcome":"refused","code":"internal","detail":"x"}' }, 'file-damaged'],
    [{ stdout: '{"outcome":"refused","code":"file-no-text","detail":"x"}' }, 'file-no-text'],
  ];
  for (const [change, code] of cases) assert.throws(() => judge({ ...exit, ...change }, 1000), (error) => isProblem(error, code), JSON.stringify(change));
});

test('a child can read program files only, write nothing, start nothing and reach nobody', async (context) => {
  const server = createServer((_, response) => response.end('reached'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const secret = await scratchFile(context, encode('a document of somebody else'));
  const code = `
    const outcome = {};
    const attempt = async (name, act) => { outcome[name] = await act().then(() => 'done', (error) => error.code ?? error.cause?.code ?? error.name); };
    const fs = await import('node:fs/promises');
    await attempt('read', () => fs.readFile(${JSON.stringify(secret)}));
    await attempt('list', () => fs.readdir(${JSON.stringify(path.dirname(secret))}));
    await attempt('configuration', () => fs.readFile(${JSON.stringify(path.resolve(import.meta.dirname, '../../tsconfig.json'))}));
    await attempt('write', () => fs.writeFile(${JSON.stringify(`${secret}.new`)}, 'x'));
    await attempt('spawn', async () => (await import('node:child_process')).execFileSync('/bin/true'));
    await attempt('thread', async () => new (await import('node:worker_threads')).Worker('1', { eval: true }));
    await attempt('network', () => fetch('http://127.0.0.1:${port}/'));
    outcome.environment = Object.keys((await import('node:process')).env).sort();
    console.log(JSON.stringify(outcome));`;
  const confinement = await findConfinement();
  const { program, parameters } = confinedCommand(confinement, { format: 'pdf', wallMs: 10_000, limits });
  const probe = [...parameters.slice(0, -2), '--input-type=module', '-e', code];
  const { stdout } = await promisify(execFile)(program, probe, { env: { NODE_ENV: 'production' } });
  const outcome = JSON.parse(stdout) as Record<string, unknown>;
  for (const name of ['read', 'list', 'configuration', 'write', 'spawn', 'thread']) assert.equal(outcome[name], 'ERR_ACCESS_DENIED', name);
  // Without `unshare` the network is taken away inside child.ts, which this probe stands in for.
  if (confinement.measures.includes('no network')) assert.notEqual(outcome['network'], 'done');
  assert.deepEqual(outcome['environment'], ['NODE_ENV']);
});
