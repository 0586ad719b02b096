import assert from 'node:assert/strict';
import test from 'node:test';
import { unzipSync, zipSync } from 'fflate';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { packParts, readParts } from './archive.ts';
import { buildArchive } from './testing.ts';

const word = { format: 'docx', wanted: /^word\/|^\[Content_Types\]/ } as const;

test('only wanted parts are inflated, and packed again they name no missing part', async () => {
  const types = '<Types><Override PartName="/word/document.xml" ContentType="a"/><Override ContentType="b" PartName="/word/media/gone.xml"/></Types>';
  const parts = await readParts(buildArchive({ '[Content_Types].xml': types, 'word/document.xml': '<d/>', 'other/big.bin': 'x'.repeat(1e6) }), word, { ...limits, archiveBytesMax: 1000 });
  assert.deepEqual([...parts.keys()], ['[Content_Types].xml', 'word/document.xml']);
  const packed = unzipSync(packParts(parts));
  assert.equal(new TextDecoder().decode(packed['[Content_Types].xml']), '<Types><Override PartName="/word/document.xml" ContentType="a"/></Types>');
});

test('a bomb is stopped by what it inflates to, whatever its directory says', async () => {
  const bomb = buildArchive({ 'word/document.xml': 'a'.repeat(5_000_000) });
  assert.ok(bomb.length < 50_000);
  await assert.rejects(readParts(bomb, word, { ...limits, archiveBytesMax: 1_000_000 }), (error) => isProblem(error, 'file-too-complex'));
  const lie = bomb.slice();
  const view = Buffer.from(lie.buffer);
  view.writeUInt32LE(100, view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
  await assert.rejects(readParts(lie, word, limits), (error) => isProblem(error, 'file-damaged'));
});

test('many small parts are counted together', async () => {
  const many = buildArchive(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`word/${index}.xml`, 'a'.repeat(1000)])));
  await assert.rejects(readParts(many, word, { ...limits, archiveBytesMax: 20_000 }), (error) => isProblem(error, 'file-too-complex'));
  await assert.rejects(readParts(many, word, { ...limits, archiveEntriesMax: 20 }), (error) => isProblem(error, 'file-too-complex'));
});

test('names that leave the archive, names that stand twice and encrypted parts are refused', async () => {
  const escaping = zipSync({ 'word/document.xml': new Uint8Array([60]), '../../etc/cron.d/x': new Uint8Array([1]) });
  await assert.rejects(readParts(escaping, word, limits), (error) => isProblem(error, 'file-damaged'));
  const twice = zipSync({ 'word/document.xml': new Uint8Array([60]), 'word/document.xmX': new Uint8Array([61]) });
  const bytes = Buffer.from(twice.buffer);
  for (let at = bytes.indexOf('.xmX'); at >= 0; at = bytes.indexOf('.xmX', at + 1)) bytes.write('.xml', at);
  await assert.rejects(readParts(twice, word, limits), (error) => isProblem(error, 'file-damaged') && /same name/.test(error.message));
  const locked = zipSync({ 'word/document.xml': new Uint8Array([60]) });
  const view = Buffer.from(locked.buffer);
  view.writeUInt16LE(view.readUInt16LE(6) | 1, 6);
  const central = view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 8;
  view.writeUInt16LE(view.readUInt16LE(central) | 1, central);
  await assert.rejects(readParts(locked, word, limits), (error) => isProblem(error, 'file-encrypted'));
});

test('a document type is refused also in UTF-16', async () => {
  const part = Buffer.from('\ufeff<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', 'utf16le');
  await assert.rejects(readParts(zipSync({ 'word/document.xml': new Uint8Array(part) }), word, limits), (error) => isProblem(error, 'file-damaged'));
});
