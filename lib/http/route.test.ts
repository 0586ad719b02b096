/** What every route shares, where no database is needed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from './route.ts';

test('HEAD gets the headers of GET and lets go of the body, which nobody would read', async () => {
  let letGo = false;
  const body = new ReadableStream({ cancel: () => void (letGo = true) });
  const handler = open(() => Promise.resolve(new Response(body, { status: 206, headers: { etag: '"abc"' } })));
  const response = await handler(new Request('http://127.0.0.1/api/file', { method: 'HEAD' }), { params: Promise.resolve({}) });
  assert.deepEqual([response.status, response.headers.get('etag'), response.body, letGo], [206, '"abc"', null, true]);
});
