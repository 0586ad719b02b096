import assert from 'node:assert/strict';
import test from 'node:test';
import { isProblem } from '../errors.ts';
import type { ProblemCode } from '../errors.ts';
import { acceptedExtensions, detectFormat } from './detect.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const wide = (text: string, mark = true): Uint8Array => Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
/** Beginning of a zip archive whose first entry has that name. */
function archive(name: string): Uint8Array {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name)]);
}
const compound = (stream: string): Uint8Array => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(1016), Buffer.from(stream, 'utf16le')]);

async function refuses(fileName: string, head: Uint8Array, code: ProblemCode): Promise<string> {
  const error: unknown = await detectFormat(fileName, head).then((format) => assert.fail(`${fileName} was taken for ${format}`), (reason: unknown) => reason);
  assert.ok(isProblem(error, code), `${fileName}: ${String(error)}`);
  return error.message;
}

test('text formats follow the extension when the content is text', async () => {
  assert.equal(await detectFormat('Notes.MD', bytes('# Notes')), 'markdown');
  assert.equal(await detectFormat('page.html', bytes('<p>Hello')), 'html');
  assert.equal(await detectFormat('a.b/list.csv', bytes('a;b\n1;2')), 'csv');
  assert.equal(await detectFormat('list.tsv', bytes('a\tb')), 'csv');
  assert.equal(await detectFormat('readme.txt', bytes('Grüße')), 'text');
  assert.equal(await detectFormat('README', bytes('no extension')), 'text');
});

test('text in other encodings is text', async () => {
  assert.equal(await detectFormat('latin.txt', Buffer.from('Grüße aus Köln', 'latin1')), 'text');
  assert.equal(await detectFormat('wide.txt', wide('Grüße')), 'text');
  assert.equal(await detectFormat('wide.txt', wide('Greetings from Graz', false)), 'text');
});

test('a character cut in two by the end of the head is still text', async () => {
  const head = bytes(`${'a'.repeat(99)}ü`).subarray(0, 100);
  assert.equal(await detectFormat('a.txt', head), 'text');
});

test('a PDF is known by its header, also behind some junk', async () => {
  assert.equal(await detectFormat('a.pdf', bytes('%PDF-1.7\n...')), 'pdf');
  assert.equal(await detectFormat('a.pdf', bytes(`${'\n'.repeat(500)}%PDF-1.4`)), 'pdf');
  assert.equal(await detectFormat('scan', bytes('%PDF-1.4')), 'pdf');
});

test('an Office archive is taken at its word until its reader looks inside', async () => {
  assert.equal(await detectFormat('a.docx', archive('word/media/image1.png')), 'docx');
  assert.equal(await detectFormat('a.xlsx', archive('xl/worksheets/sheet1.xml')), 'xlsx');
  assert.equal(await detectFormat('a.pptx', archive('ppt/slides/slide1.xml')), 'pptx');
});

test('an empty file, a wrong name and an unknown kind each have their own answer', async () => {
  await refuses('a.pdf', new Uint8Array(), 'file-empty');
  assert.match(await refuses('a.pdf', bytes('just text'), 'file-type-mismatch'), /name says this is a PDF, but its contents are plain text/);
  assert.match(await refuses('a.txt', bytes('%PDF-1.7'), 'file-type-mismatch'), /contents are a PDF/);
  await refuses('a.txt', bytes('nul\0byte'), 'file-type-mismatch');
  await refuses('a.docx', bytes('<html>'), 'file-type-mismatch');
  await refuses('a.md', bytes('{\\rtf1 hello}'), 'file-type-mismatch');
  assert.match(await refuses('a.exe', bytes('MZ'), 'file-type-unsupported'), /PDF, Word/);
  assert.match(await refuses('a.doc', bytes('x'), 'file-type-unsupported'), /Save the file as \.docx/);
  await refuses('noname', Buffer.from([1, 2, 3, 0, 0, 255]), 'file-type-unsupported');
  await refuses('photo.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]), 'file-type-mismatch');
});

test('a protected Office file is told from an older one', async () => {
  await refuses('a.docx', compound('EncryptedPackage'), 'file-encrypted');
  await refuses('a.xlsx', compound('Workbook'), 'file-type-mismatch');
  await refuses('a.txt', compound('EncryptedPackage'), 'file-type-mismatch');
});

test('the extensions offered to a file chooser begin with a dot', () => {
  assert.ok(acceptedExtensions.includes('.pdf'));
  assert.ok(acceptedExtensions.every((extension) => /^\.[a-z]+$/.test(extension)));
});
