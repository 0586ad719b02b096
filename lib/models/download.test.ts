import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { isProblem } from '#lib/errors.ts';
import { downloadModel, type DownloadProgress } from './download.ts';
import { tinyGenerator } from './testing-gguf.ts';

const content = tinyGenerator({ name: 'download' });
const sha256 = createHash('sha256').update(content).digest('hex');
const cleanups: (() => Promise<unknown> | unknown)[] = [];
after(async () => {
  for (const cleanup of cleanups) await cleanup();
});

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A server of our own on loopback, a fresh folder, and the headers each request came with. */
async function prepare(handler: Handler) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    handler(request, response, ranges.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const folder = await mkdtemp(path.join(os.tmpdir(), 'attest-download-'));
  cleanups.push(() => server.closeAllConnections(), () => server.close(), () => rm(folder, { recursive: true }));
  const file = path.join(folder, 'model.gguf');
  return { url: `http://127.0.0.1:${address.port}/model.gguf`, file, part: `${file}.part`, ranges, sha256, waitMs: () => 1 };
}

/** Answers like a good hub: byte ranges, strong validator. */
const serve: Handler = (request, response) => {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const etag = '"v1"';
  const resumes = from > 0 && (request.headers['if-range'] ?? etag) === etag;
  if (from >= content.length) return void response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  const body = resumes ? content.subarray(from) : content;
  const range = resumes ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(resumes ? 206 : 200, { etag, 'content-length': body.length, ...range }).end(body);
};

test('a file arrives whole, under its name, with progress to the end', async () => {
  const setup = await prepare(serve);
  const progress: DownloadProgress[] = [];
  await downloadModel({ ...setup, bytes: content.length, onProgress: (step) => progress.push(step) });
  assert.deepEqual(await readFile(setup.file), content);
  assert.ok(!existsSync(setup.part) && !existsSync(`${setup.part}.etag`));
  assert.deepEqual(progress.findLast((step) => step.state === 'downloading'), { state: 'downloading', bytesDone: content.length, bytesTotal: content.length });
  assert.equal(progress.at(-1)?.state, 'verifying');
});

test('a part from an earlier run is resumed with a range', async () => {
  const setup = await prepare(serve);
  await writeFile(setup.part, content.subarray(0, 1000));
  await downloadModel(setup);
  assert.deepEqual(setup.ranges, ['bytes=1000-']);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a connection cut three times resumes each time where it broke off', async () => {
  let part = '';
  const setup = await prepare((request, response, count) => {
    if (count > 3) return serve(request, response, count);
    const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
    response.writeHead(from === 0 ? 200 : 206, {
      etag: '"v1"', 'content-length': content.length - from, ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
    });
    response.write(content.subarray(from, from + 5000));
    // The connection is cut once this much was kept, however slow the machine.
    const timer = setInterval(() => {
      if (existsSync(part) && statSync(part).size >= from + 5000) response.destroy();
    }, 10);
    response.once('close', () => clearInterval(timer));
  });
  part = setup.part;
  await downloadModel({ ...setup, attemptsMax: 2 });
  assert.equal(setup.ranges.length, 4);
  assert.deepEqual(setup.ranges.slice(0, 2), [undefined, 'bytes=5000-']);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a server that ignores ranges is read from the beginning again', async () => {
  const setup = await prepare((_request, response) => void response.writeHead(200, { 'content-length': content.length }).end(content));
  await writeFile(setup.part, content.subarray(0, 1000));
  await downloadModel(setup);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a file that changed on the server in the meantime is not joined from two halves', async () => {
  const setup = await prepare(serve);
  await writeFile(setup.part, Buffer.alloc(1000, 7));
  await writeFile(`${setup.part}.etag`, '"v0"');
  await downloadModel(setup);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a part that is already complete is only verified', async () => {
  const setup = await prepare(serve);
  await writeFile(setup.part, content);
  await downloadModel(setup);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a part longer than the file is thrown away and fetched again', async () => {
  const setup = await prepare(serve);
  await writeFile(setup.part, Buffer.concat([content, Buffer.alloc(10)]));
  await downloadModel(setup);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a redirect to another address is followed, and the range goes along', async () => {
  const target = await prepare(serve);
  const setup = await prepare((_request, response) => void response.writeHead(302, { location: target.url }).end());
  await writeFile(setup.part, content.subarray(0, 64));
  await downloadModel(setup);
  assert.deepEqual(target.ranges, ['bytes=64-']);
  assert.deepEqual(await readFile(setup.file), content);
});

test('a wrong hash deletes the part and says what arrived', async () => {
  const setup = await prepare(serve);
  const wanted = 'ab'.repeat(32);
  await assert.rejects(downloadModel({ ...setup, sha256: wanted }), (error) => {
    assert.ok(isProblem(error, 'model-file-invalid'));
    assert.match(error.message, new RegExp(`${sha256}.*${wanted}`));
    return true;
  });
  assert.ok(!existsSync(setup.part) && !existsSync(setup.file));
});

test('a file with the right hash that is not a model is deleted too', async () => {
  const page = Buffer.from('<html>sign in first</html>');
  const setup = await prepare((_request, response) => void response.writeHead(200).end(page));
  const hash = createHash('sha256').update(page).digest('hex');
  await assert.rejects(downloadModel({ ...setup, sha256: hash }), (error) => isProblem(error, 'model-file-invalid'));
  assert.ok(!existsSync(setup.part) && !existsSync(setup.file));
});

test('another size than expected is refused before a byte is stored', async () => {
  const setup = await prepare(serve);
  await assert.rejects(downloadModel({ ...setup, bytes: 17 }), (error) => isProblem(error, 'model-file-invalid'));
  assert.ok(!existsSync(setup.part));
});

test('a missing file is reported at once, without retries', async () => {
  const setup = await prepare((_request, response) => void response.writeHead(404).end());
  await assert.rejects(downloadModel(setup), (error) => isProblem(error, 'model-unavailable') && /status 404/.test(error.message));
  assert.equal(setup.ranges.length, 1);
});

test('a server that is down is tried a few times, then reported in one sentence with the part kept', async () => {
  const setup = await prepare((_request, response) => void response.writeHead(503).end());
  await writeFile(setup.part, content.subarray(0, 10));
  await assert.rejects(downloadModel({ ...setup, attemptsMax: 3 }), (error) => isProblem(error, 'model-unavailable') && /is kept/.test(error.message));
  assert.equal(setup.ranges.length, 3);
  assert.equal((await readFile(setup.part)).length, 10);
  await assert.rejects(downloadModel({ ...setup, url: 'http://127.0.0.1:9/x.gguf', attemptsMax: 1 }), (error) => isProblem(error, 'model-unavailable'));
});

test('a server that falls silent counts as broken', async () => {
  const setup = await prepare((request, response, count) => {
    if (count > 1) return serve(request, response, count);
    response.writeHead(200, { etag: '"v1"', 'content-length': content.length }).write(content.subarray(0, 100));
  });
  await downloadModel({ ...setup, silenceMsMax: 100 });
  assert.deepEqual(setup.ranges, [undefined, 'bytes=100-']);
});

test('a model larger than the disk is refused with the bytes that are missing', async () => {
  const setup = await prepare((_request, response) => void response.writeHead(200, { 'content-length': 2 ** 52 }).end());
  await assert.rejects(downloadModel(setup), (error) => isProblem(error, 'disk-full') && /more bytes are needed/.test(error.message));
});

test('an aborted download keeps its part', async () => {
  const controller = new AbortController();
  const setup = await prepare((_request, response) => {
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 100), () => setTimeout(() => controller.abort(), 20));
  });
  await assert.rejects(downloadModel({ ...setup, signal: controller.signal }), { name: 'AbortError' });
  assert.equal((await readFile(setup.part)).length, 100);
  assert.ok(!existsSync(setup.file));
});
