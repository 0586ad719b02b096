/** What a request may look like before any route sees it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useEnv } from '../env.ts';
import { isProblem, type ProblemCode } from '../errors.ts';
import { bodyBytesMax, isCrossSite, readBody } from './body.ts';
import { takeFromRateLimit } from './rate-limit.ts';

useEnv({ ATTEST_URL: 'https://ask.halden.example/' });

function post(body: BodyInit | null, headers: Record<string, string> = { 'content-type': 'application/json' }): Request {
  return new Request('https://ask.halden.example/api/x', { method: 'POST', body, headers, ...(body instanceof ReadableStream ? { duplex: 'half' } : {}) });
}

function rejectsWith(work: Promise<unknown>, code: ProblemCode): Promise<void> {
  return assert.rejects(work, (error) => isProblem(error, code));
}

test('a JSON body is read, NUL and all', async () => {
  assert.deepEqual(await readBody(post('{"a":"\\u0000"}', { 'content-type': 'Application/JSON; charset=utf-8' })), { a: '\u0000' });
});

test('a body that is empty, cut off, not UTF-8 or not JSON is malformed', async () => {
  for (const body of ['', '{"a":', 'a=1', '{"a":1}}', new Uint8Array([0x22, 0xff, 0x22])]) await rejectsWith(readBody(post(body)), 'malformed-request');
});

test('a body that does not say it is JSON is not read', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) await rejectsWith(readBody(post('{}', { 'content-type': type })), 'malformed-request');
});

test('a body above the limit is refused, whatever length it announces', async () => {
  await rejectsWith(readBody(post(JSON.stringify('x'.repeat(bodyBytesMax)))), 'body-too-large');
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
  });
  await rejectsWith(readBody(post(endless)), 'body-too-large');
  assert.ok(sent < 4 * bodyBytesMax, `${sent} bytes were read`);
});

test('ten thousand brackets deep is read or refused, never more', async () => {
  assert.ok(await readBody(post(`${'['.repeat(10_000)}${']'.repeat(10_000)}`)));
});

test('only our own pages may change anything', () => {
  const ours = 'https://ask.halden.example';
  const send = (headers: Record<string, string>, method = 'POST') => isCrossSite(new Request(`${ours}/api/x`, { method, headers }));
  assert.equal(send({ 'sec-fetch-site': 'same-origin' }), false);
  assert.equal(send({ origin: ours }), false);
  assert.equal(send({ origin: ours, 'sec-fetch-site': 'none' }), false);
  for (const headers of [{}, { origin: 'null' }, { origin: 'http://ask.halden.example' }, { origin: `${ours}.evil.example` }, { origin: ours, 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }]) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) assert.equal(send(headers, method), true, `${method} ${JSON.stringify(headers)}`);
    assert.equal(send(headers, 'GET'), false);
  }
});

test('who asks too often is told when to come back, and nobody else is', async () => {
  for (let count = 0; count < 120; count += 1) assert.equal(await takeFromRateLimit('one', 'ask'), null);
  const problem = await takeFromRateLimit('one', 'ask');
  assert.equal(problem?.status, 429);
  assert.ok(Number(problem.data['retryAfterSeconds']) >= 1 && Number(problem.data['retryAfterSeconds']) <= 60);
  assert.equal(await takeFromRateLimit('two', 'ask'), null);
  assert.equal(await takeFromRateLimit('one', 'general'), null);
});
