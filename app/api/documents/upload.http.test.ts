/** Uploads through the running product: streamed whole past the sizes where servers cut bodies, refused early, broken off. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { signIn, testBrowser } from '#lib/auth/testing.ts';
import { surroundings } from '#lib/env.ts';

const appUrl = surroundings()['ATTEST_TEST_URL'] ?? '';
const skip = appUrl === '' ? 'ATTEST_TEST_URL does not name a running product' : false;
const browser = testBrowser(appUrl);
const mebibyte = 1024 * 1024;
const documentsSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), title: z.string(), bytes: z.number(), version: z.looseObject({ sha256: z.string() }) })) });
let collectionId = '';

const headers = (): Record<string, string> => ({ 'sec-fetch-site': 'same-origin', origin: new URL(appUrl).origin });

before(async () => {
  if (skip !== false) return;
  await signIn(browser, appUrl, { account: demoAccounts.find((account) => account.role === 'admin')?.id ?? '' });
  const response = await browser.send(`${appUrl}/api/collections`, { method: 'POST', headers: { ...headers(), 'content-type': 'application/json' }, body: JSON.stringify({ name: `Uploads ${randomUUID()}` }) });
  collectionId = z.looseObject({ id: z.string() }).parse(await response.json()).id;
});
after(async () => {
  if (skip !== false) return;
  for (const { id } of await list()) await browser.send(`${appUrl}/api/documents/${id}`, { method: 'DELETE', headers: headers() });
  await browser.send(`${appUrl}/api/collections/${collectionId}`, { method: 'DELETE', headers: headers() });
});

async function list(): Promise<z.infer<typeof documentsSchema>['items']> {
  const response = await browser.send(`${appUrl}/api/collections/${collectionId}/documents`);
  return documentsSchema.parse(await response.json()).items;
}

interface Sent {
  status: number;
  body: string;
}

/** Sends the pieces as one body. `announced` is the Content-Length; null sends it in chunks; `cut` drops the connection after the last piece. */
function send(name: string, body: Iterable<Buffer>, { announced, cut = false }: { announced: number | null; cut?: boolean }): Promise<Sent> {
  const url = new URL(`/api/collections/${collectionId}/documents?name=${encodeURIComponent(name)}`, appUrl);
  const cookie = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers: { ...headers(), cookie, ...(announced === null ? {} : { 'content-length': announced }) } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece)).on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sending.on('error', (error) => (cut ? resolve({ status: 0, body: error.message }) : reject(error)));
    for (const piece of body) sending.write(piece);
    if (cut) setTimeout(() => sending.destroy(), 500);
    else if (announced === null || announced <= 64 * mebibyte) sending.end();
  });
}

test('files of ten megabytes and twenty arrive whole, announced or in chunks', { skip }, async () => {
  for (const [name, bytes, announced] of [['ten.txt', 10 * mebibyte, true], ['ten and a bit.txt', 10 * mebibyte + 1, true], ['twenty.txt', 20 * mebibyte, false]] as const) {
    const body = Buffer.alloc(bytes, `${randomUUID()} is a line of it. `);
    const sent = await send(name, [body], { announced: announced ? bytes : null });
    assert.equal(sent.status, 201, sent.body);
    const stored = (await list()).find((document) => document.title === name.replace('.txt', '').replace(/^t/, 'T'));
    assert.deepEqual([stored?.bytes, stored?.version.sha256], [bytes, createHash('sha256').update(body).digest('hex')]);
  }
});

test('300 MB are refused before they are sent, in words', { skip }, async () => {
  const sent = await send('huge.txt', [Buffer.alloc(mebibyte)], { announced: 300 * mebibyte });
  assert.match(`${sent.status} ${sent.body}`, /^413 .*"code":"file-too-large"/);
});

test('an upload that is broken off leaves nothing', { skip }, async () => {
  const before = (await list()).length;
  await send('cut.txt', [randomBytes(5 * mebibyte)], { announced: 10 * mebibyte, cut: true });
  await sleep(1500);
  assert.equal((await list()).length, before);
});
