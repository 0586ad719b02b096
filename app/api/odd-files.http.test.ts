/** Files that are not what they should be, sent to the running product: refused in words, or read as far as they are honest; nothing of a refused one is kept. */
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { buildPdf, buildWord } from '#ingest/parse/testing.ts';
import type { ProblemCode } from '#lib/errors.ts';
import { assertServing, call, eventually, read, readProblem, readVersion, sendRaw, signedIn, skip, storedFiles, withId } from './testing.ts';

const mebibyte = 1024 * 1024;
const rowSchema = z.looseObject({ id: z.string(), title: z.string(), fileName: z.string(), version: z.looseObject({ id: z.string(), sha256: z.string() }) });
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const html = Buffer.from('<!doctype html><html><body><p>Not a document of Word.</p></body></html>');
let collectionId = '';

before(async () => {
  if (skip !== false) return;
  const { id } = await read(await call(signedIn('employee'), 'GET /api/profile'), 200, withId);
  collectionId = (await read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Odd files ${randomUUID()}` } }), 201, withId)).id;
  await read(await call(signedIn('admin'), `POST /api/collections/${collectionId}/grants`, { json: { to: { kind: 'member', id }, permission: 'edit' } }), 201, withId);
});

const target = (name: string) => `POST /api/collections/${collectionId}/documents?name=${encodeURIComponent(name)}`;
const upload = (name: string, body: Uint8Array) => call(signedIn('employee'), target(name), { body: new Uint8Array(body) });

async function countDocuments(): Promise<number> {
  return (await read(await call(signedIn('employee'), `GET /api/collections/${collectionId}/documents`), 200, z.object({ total: z.number() }))).total;
}

/** What the product keeps now and did not before. What was deleted is purged meanwhile. */
async function newlyKept(before: { files: readonly string[]; documents: number }): Promise<{ files: string[]; documents: number }> {
  return { files: storedFiles().filter((file) => !before.files.includes(file)), documents: (await countDocuments()) - before.documents };
}

async function keptNow(): Promise<{ files: string[]; documents: number }> {
  return { files: storedFiles(), documents: await countDocuments() };
}

const nothing = { files: [], documents: 0 };

/** The container in which Office keeps a protected file: its head, and the names of its two streams. */
function protectedOffice(): Buffer {
  const names = Buffer.from('EncryptionInfo\0\0EncryptedPackage', 'utf16le');
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1016), names, randomBytes(4096)]);
}

function olderOffice(): Buffer {
  return Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1016), Buffer.from('WordDocument', 'utf16le'), Buffer.alloc(4096)]);
}

const refused: readonly [what: string, name: string, body: () => Uint8Array, code: ProblemCode][] = [
  ['a file of 0 bytes', 'nothing.pdf', () => Buffer.alloc(0), 'file-empty'],
  ['a picture named .pdf', 'picture.pdf', () => png, 'file-type-mismatch'],
  ['a page named .docx', 'page.docx', () => html, 'file-type-mismatch'],
  ['a page named .xlsx', 'page.xlsx', () => html, 'file-type-mismatch'],
  ['random bytes named .pdf', 'noise.pdf', () => randomBytes(5000), 'file-type-mismatch'],
  ['random bytes named .txt', 'noise.txt', () => Buffer.concat([Buffer.from([0, 1, 2, 0xff]), randomBytes(5000)]), 'file-type-mismatch'],
  ['a PDF named .docx', 'letter.docx', () => Buffer.from('%PDF-1.7\n%%EOF'), 'file-type-mismatch'],
  ['a protected Word file', 'secret.docx', protectedOffice, 'file-encrypted'],
  ['a protected workbook', 'secret.xlsx', protectedOffice, 'file-encrypted'],
  ['a Word file of 1997', 'old.doc', olderOffice, 'file-type-unsupported'],
  ['a Word file of 1997 under a new name', 'old.docx', olderOffice, 'file-type-mismatch'],
  ['a program', 'setup.exe', () => Buffer.from('MZ\x90\0'), 'file-type-unsupported'],
  ['a picture', 'picture.png', () => png, 'file-type-unsupported'],
  ['a picture without an extension', 'picture', () => png, 'file-type-unsupported'],
  ['a program that hides behind text the other way', 'report\u202efdp.exe', () => Buffer.from('MZ\x90\0'), 'file-type-unsupported'],
];

for (const [what, name, body, code] of refused) {
  test(`${what} is refused as ${code}, and nothing is kept`, { skip }, async () => {
    const before = await keptNow();
    const problem = await readProblem(await upload(name, body()), code);
    assert.match(problem.detail, /^\p{Lu}.*\.$/su);
    assert.deepEqual(await newlyKept(before), nothing);
  });
}

const sample = (name: string): Buffer => fs.readFileSync(path.join(import.meta.dirname, '../../prisma/demo/files/company-handbook', name));
const half = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length / 2);

const unreadable: readonly [what: string, name: string, body: () => Promise<Uint8Array> | Uint8Array, codes: readonly string[]][] = [
  ['a PDF with a password', 'locked.pdf', () => buildPdf((pdf) => pdf.text('Locked away.'), { userPassword: randomUUID(), pdfVersion: '1.7' }), ['file-encrypted']],
  ['half a PDF', 'half.pdf', () => Buffer.concat([half(sample('leave-policy.pdf')), Buffer.from(`% ${randomUUID()}`)]), ['file-damaged', 'file-no-text']],
  ['the first kilobyte of a PDF', 'head.pdf', () => Buffer.concat([sample('leave-policy.pdf').subarray(0, 1024), Buffer.from(`% ${randomUUID()}`)]), ['file-damaged', 'file-no-text']],
  ['half a Word file', 'half.docx', () => Buffer.concat([half(sample('code-of-conduct.docx')), randomBytes(16)]), ['file-damaged']],
  ['an archive that is no Word file', 'archive.docx', () => buildWord('').subarray(0, -4), ['file-damaged']],
  ['a Word file without a word', 'empty.docx', () => buildWord(`<w:p/><!-- ${randomUUID()} -->`), ['file-no-text']],
  ['a text of blanks', 'blank.txt', () => Buffer.from(' \n\t'.repeat(1 + Math.floor(Math.random() * 1000))), ['file-no-text']],
];

test('what only a reader can see to be unreadable fails with its code and in words, and can be deleted', { skip }, async (t) => {
  const sent = await Promise.all(unreadable.map(async ([what, name, body, codes]) => ({ what, codes, id: (await read(await upload(name, await body()), 201, rowSchema)).id })));
  for (const { what, codes, id } of sent) {
    await t.test(what, async () => {
      const version = await eventually(async () => {
        const now = await readVersion(id);
        assert.ok(['ready', 'failed'].includes(now.state), now.state);
        return now;
      }, 60_000);
      assert.equal(version.state, 'failed');
      assert.ok(codes.includes(version.problem?.code ?? ''), JSON.stringify(version.problem));
      assert.match(version.problem?.detail ?? '', /^\p{Lu}.*\.$/su);
      assert.equal((await call(signedIn('employee'), `DELETE /api/documents/${id}`)).status, 204);
    });
  }
});

test('300 MB that announce no length are refused at the limit, and nothing stays on disk', { skip }, async () => {
  const before = await keptNow();
  const piece = Buffer.alloc(mebibyte, 'All work and no play. ');
  let sent = 0;
  const response = await sendRaw(signedIn('employee'), target('endless.txt'), {
    headers: { 'transfer-encoding': 'chunked' },
    async write(request) {
      let answered = false;
      request.once('response', () => (answered = true)).on('error', () => (answered = true));
      for (; sent < 300 && !answered; sent += 1) {
        if (!request.write(piece)) await Promise.race([new Promise((resolve) => request.once('drain', resolve)), new Promise((resolve) => request.once('response', resolve)), sleep(5000)]);
      }
      request.end();
    },
  });
  await readProblem(response, 'file-too-large');
  assert.ok(sent >= 200, `refused after ${sent} MB`);
  await eventually(async () => assert.deepEqual(await newlyKept(before), nothing), 5000);
  await assertServing();
});

test('a sender who is refused and does not go away is let go', { skip }, async () => {
  const started = performance.now();
  await sendRaw(signedIn('employee'), target('huge.txt'), {
    headers: { 'content-length': 300 * mebibyte },
    async write(request) {
      const answered = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
      request.write(Buffer.alloc(mebibyte));
      assert.equal((await answered).statusCode, 413);
      await new Promise((resolve) => request.once('close', resolve));
    },
  }).catch(() => undefined);
  assert.ok(performance.now() - started < 30_000);
});

test('an upload that is cut off at any point leaves no file and no row', { skip }, async () => {
  const before = await keptNow();
  for (const [announced, bytes] of [[10 * mebibyte, 0], [10 * mebibyte, 1], [10 * mebibyte, 3 * mebibyte], [null, 70_000]] as const) {
    await assert.rejects(sendRaw(signedIn('employee'), target('cut.txt'), {
      headers: announced === null ? { 'transfer-encoding': 'chunked' } : { 'content-length': announced },
      async write(request) {
        request.flushHeaders();
        if (bytes > 0) await new Promise((resolve) => request.write(Buffer.alloc(bytes, 'cut '), resolve));
        await sleep(100);
        request.destroy();
      },
    }));
  }
  await eventually(async () => assert.deepEqual(await newlyKept(before), nothing), 5000);
});

const names: readonly [sent: string, kept: RegExp][] = [
  ['../../../../etc/cron.d/evil.txt', /^evil\.txt$/],
  ['..\\..\\windows\\system32\\evil.txt', /^evil\.txt$/],
  ['/etc/passwd.txt', /^passwd\.txt$/],
  ['a\r\nSet-Cookie: x=1\r\n\r\n<b>.txt', /^aSet-Cookie: x=1<b>\.txt$|^b>\.txt$/],
  ['"; filename="evil.exe"; x=".txt', /\.txt$/],
  ["it's 100% ; fine\\.txt", /\.txt$/],
  [`${'long name '.repeat(30)}.txt`, /^(?=.{1,200}$)long name.*\.txt$/],
  ['report\u202etxt.txt', /^reporttxt\.txt$/],
  ['\u0000\u0007\u001b[31mred.txt', /^\[31mred\.txt$/],
  ['Ubersicht \u00dc\u{1f4c8} \u5831\u544a.txt', /\u{1f4c8}/u],
  ['half \ud83d.txt', /^half .?\.txt$/u],
  ['con.txt', /^con\.txt$/],
  ['.txt', /./],
  ['__proto__', /./],
];

test('no file name becomes a path, a header or a hidden extension', { skip }, async () => {
  for (const [sent, kept] of names) {
    const text = `Named oddly. ${randomUUID()}`;
    // The address is well-formed by its nature: half a character is sent as what encoders make of it.
    const row = await read(await upload(sent.toWellFormed(), Buffer.from(text)), 201, rowSchema);
    assert.match(row.fileName, kept, JSON.stringify(sent));
    assert.doesNotMatch(row.fileName + row.title, /[\p{Cc}\u202a-\u202e\u2066-\u2069/\\]/u, JSON.stringify(sent));
    const served = await call(signedIn('employee'), `GET /api/documents/${row.id}/versions/${row.version.id}/file?download=1`);
    assert.equal(served.status, 200);
    assert.equal(await served.text(), text);
    const disposition = served.headers.get('content-disposition') ?? '';
    assert.match(disposition, /^attachment; filename="[^"\\%;\x00-\x1f]*"; filename\*=UTF-8''[\w.!~%-]+$/, disposition);
    assert.equal(decodeURIComponent(disposition.split("UTF-8''")[1] ?? ''), row.fileName);
    assert.equal(served.headers.get('set-cookie'), null);
    assert.equal(served.headers.get('x-content-type-options'), 'nosniff');
    assert.match(served.headers.get('content-security-policy') ?? '', /sandbox/);
  }
  for (const file of storedFiles()) assert.match(file, /^(?:[0-9a-f]{2}[/\\][0-9a-f]{64}|incoming[/\\][0-9a-f]{64}\.[0-9a-f-]+)$/);
});

test('the same file twice is told where it is, and twice at once is kept once', { skip }, async () => {
  const body = Buffer.from(`Once is enough. ${randomUUID()}`);
  const responses = await Promise.all([upload('once.txt', body), upload('again.txt', body), upload('thrice.txt', body)]);
  const kept = responses.filter((response) => response.status === 201);
  assert.equal(kept.length, 1, responses.map((response) => response.status).join(', '));
  const row = await read(kept[0] ?? assert.fail(), 201, rowSchema);
  for (const response of responses.filter((each) => each.status !== 201)) assert.equal((await readProblem(response, 'already-exists'))['documentId'], row.id);
  assert.equal((await readProblem(await upload('later.txt', body), 'already-exists'))['documentId'], row.id);
  const hash = createHash('sha256').update(body).digest('hex');
  assert.equal(storedFiles().filter((file) => file.includes(hash)).length, 1);
  await readProblem(await call(signedIn('employee'), `POST /api/documents/${row.id}/versions?name=once.txt`, { body: new Uint8Array(body) }), 'already-exists');
});

test('a file that is not what its sender hashed is refused', { skip }, async () => {
  await readProblem(await call(signedIn('employee'), `${target('changed.txt')}&sha256=${'0'.repeat(64)}`, { body: `Changed. ${randomUUID()}` }), 'file-incomplete');
});
