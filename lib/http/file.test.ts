/** Serving stored files: ranges, names that try to break a header, and what the browser is told. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { isProblem } from '#lib/errors.ts';
import { receiveFile } from '#lib/documents/receive.ts';
import { openTestFiles, pieces } from '#lib/documents/testing.ts';
import { contentDisposition, fileResponse, parseRange } from './file.ts';

const files = await openTestFiles();
const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
let sha256 = '';

before(async () => {
  const received = await receiveFile(pieces([content]), { bytesMax: 1_000_000 });
  await received.keep();
  sha256 = received.sha256;
});
after(() => files.stop());

function get(headers: Record<string, string> = {}, options: { download?: boolean; fileName?: string; format?: 'pdf' | 'html' } = {}): Promise<Response> {
  const { download = false, fileName = 'a.pdf', format = 'pdf' } = options;
  return fileResponse(new Request('http://127.0.0.1/', { headers }), { sha256, fileName, format }, { download });
}

test('a file is served whole, with headers under which nothing in it runs', async () => {
  const response = await get();
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-length'), String(content.length));
  assert.equal(response.headers.get('content-type'), 'application/pdf');
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  assert.match(response.headers.get('content-security-policy') ?? '', /^sandbox;/);
  assert.match(response.headers.get('content-disposition') ?? '', /^inline;/);
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(content));
});

test('only a PDF is shown in place, and not when it is to be saved', async () => {
  assert.match((await get({}, { format: 'html', fileName: 'a.html' })).headers.get('content-disposition') ?? '', /^attachment;/);
  assert.match((await get({}, { download: true })).headers.get('content-disposition') ?? '', /^attachment;/);
});

test('every range gives exactly its bytes or 416', async () => {
  const ranges = fc.oneof(
    fc.tuple(fc.nat(120_000), fc.nat(120_000)).map(([first, last]) => `bytes=${first}-${last}`),
    fc.nat(120_000).map((first) => `bytes=${first}-`),
    fc.nat(120_000).map((count) => `bytes=-${count}`),
  );
  await fc.assert(fc.asyncProperty(ranges, async (range) => {
    const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
    const start = first === '' ? Math.max(0, content.length - Number(last)) : Number(first);
    const end = first === '' || last === '' ? content.length - 1 : Math.min(Number(last), content.length - 1);
    const response = await get({ range });
    const body = Buffer.from(await response.arrayBuffer());
    if (start > end || start >= content.length) {
      assert.equal(response.status, 416);
      assert.equal(response.headers.get('content-range'), `bytes */${content.length}`);
      assert.equal(body.length, 0);
      return;
    }
    assert.equal(response.status, 206);
    assert.equal(response.headers.get('content-range'), `bytes ${start}-${end}/${content.length}`);
    assert.equal(response.headers.get('content-length'), String(end - start + 1));
    assert.ok(body.equals(content.subarray(start, end + 1)));
  }), { numRuns: 200 });
});

test('a range never lies outside the file, whatever the numbers', () => {
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 1, max: 1_000_000 }), (first, last, bytes) => {
    for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
      const range = parseRange(header, bytes);
      assert.ok(range === null || (range.start >= 0 && range.start <= range.end && range.end < bytes));
    }
  }));
});

test('ranges that are malformed, several at once, or of another file give the whole file', async () => {
  for (const headers of [{ range: 'bytes=0-1,5-6' }, { range: 'lines=1-2' }, { range: 'bytes=-' }, { range: 'bytes=a-b' }, { range: 'bytes=0-1', 'if-range': '"other"' }]) {
    const response = await get(headers);
    assert.equal(response.status, 200);
    assert.equal((await response.arrayBuffer()).byteLength, content.length);
  }
  assert.equal((await get({ range: 'bytes=0-1', 'if-range': `"${sha256}"` })).status, 206);
});

test('no file name breaks out of its header, and every name comes back whole', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a"; filename="b.exe', 'a\r\nSet-Cookie: x=1', '../../etc/passwd', 'Ångström – 原子.pdf', "it's (1) 100%.pdf", 'a\\"b'));
  fc.assert(fc.property(hostile, fc.boolean(), (name, inline) => {
    const header = contentDisposition(name, inline);
    assert.match(header, /^(?:inline|attachment); filename="[\x20-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9%\-._~!*]*$/);
    assert.equal(header.split('"').length, 3);
    assert.equal(decodeURIComponent(header.split("UTF-8''")[1] ?? ''), name.toWellFormed());
    new Headers({ 'content-disposition': header });
  }));
});

test('a hash that is not stored, or no hash at all, is not found', async () => {
  for (const wrong of ['0'.repeat(64), '../../../etc/passwd', '', sha256.toUpperCase(), `${sha256}/..`]) {
    await assert.rejects(fileResponse(new Request('http://127.0.0.1/'), { sha256: wrong, fileName: 'a.pdf', format: 'pdf' }, { download: false }), (error) => isProblem(error, 'not-found'));
  }
});

test('a browser that leaves in the middle lets the file go', async () => {
  const response = await get();
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
});
