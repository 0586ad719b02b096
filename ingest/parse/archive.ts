/**
 * Takes the wanted parts out of an Office file (a zip archive) in memory. What is inflated is counted as it comes,
 * because an archive may declare any size it likes. Nothing is ever written to disk under a name from the archive.
 */
import { zipSync } from 'fflate';
import yauzl from 'yauzl';
import { Problem } from '#lib/errors.ts';
import type { Format } from '#lib/documents/types.ts';
import type { Limits } from '#ingest/limits.ts';

export type Parts = Map<string, Uint8Array>;

/** The part without which a file is not of that format. */
const mainParts: Readonly<Partial<Record<Format, RegExp>>> = {
  docx: /^word\/document\d*\.xml$/,
  xlsx: /^xl\/workbook\.xml$/,
  pptx: /^ppt\/presentation\.xml$/,
};

/**
 * The parts whose names match. Throws file-encrypted, file-damaged, file-type-mismatch, or file-too-complex
 * when the archive holds more entries or bytes than the limits allow.
 */
export async function readParts(bytes: Uint8Array, { format, wanted }: { format: Format; wanted: RegExp }, limits: Limits): Promise<Parts> {
  // A password-protected Office file is an older container with the archive encrypted inside.
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf) throw new Problem('file-encrypted');
  const archive = await openArchive(bytes);
  const parts: Parts = new Map();
  const names = new Set<string>();
  let inflated = 0;
  for await (const entry of entriesOf(archive)) {
    if (names.has(entry.fileName)) throw new Problem('file-damaged', { detail: 'The file holds two parts of the same name, so programs would not agree on what it says.' });
    names.add(entry.fileName);
    if (names.size > limits.archiveEntriesMax) throw new Problem('file-too-complex', { detail: `The file is made of more than ${limits.archiveEntriesMax.toLocaleString('en')} parts.` });
    if (!wanted.test(entry.fileName)) continue;
    if (entry.isEncrypted()) throw new Problem('file-encrypted');
    const part = await inflate(archive, entry, limits.archiveBytesMax - inflated);
    inflated += part.length;
    refuseDoctype(part);
    parts.set(entry.fileName, part);
  }
  checkFormat(names, format);
  return parts;
}

/** The parts as an archive again, stored without compression: what a library is given in place of the file. */
export function packParts(parts: Parts): Uint8Array {
  const packed = new Map(parts);
  const types = parts.get(contentTypes);
  if (types) packed.set(contentTypes, new TextEncoder().encode(dropMissing(new TextDecoder().decode(types), parts)));
  return zipSync(Object.fromEntries(packed), { level: 0 });
}

const contentTypes = '[Content_Types].xml';

/** The list of parts without those that were not taken along; libraries go looking for each that is listed. */
function dropMissing(types: string, parts: Parts): string {
  return types.replace(/<Override\b[^>]*\bPartName\s*=\s*["']\/?([^"']+)["'][^>]*?(?:\/>|>\s*<\/Override>)/g, (override, part: string) => (parts.has(part) ? override : ''));
}

function openArchive(bytes: Uint8Array): Promise<yauzl.ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true }, (error, archive) => (error ? reject(damaged(error)) : resolve(archive)));
  });
}

async function* entriesOf(archive: yauzl.ZipFile): AsyncGenerator<yauzl.Entry> {
  for (let entry = await nextEntry(archive); entry; entry = await nextEntry(archive)) yield entry;
}

function nextEntry(archive: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    function settle(act: () => void): void {
      archive.removeListener('entry', onEntry).removeListener('end', onEnd).removeListener('error', onError);
      act();
    }
    const onEntry = (entry: yauzl.Entry): void => settle(() => resolve(entry));
    const onEnd = (): void => settle(() => resolve(undefined));
    const onError = (error: unknown): void => settle(() => reject(damaged(error)));
    archive.once('entry', onEntry).once('end', onEnd).once('error', onError);
    archive.readEntry();
  });
}

function inflate(archive: yauzl.ZipFile, entry: yauzl.Entry, bytesMax: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => {
      if (error) return reject(damaged(error));
      const pieces: Buffer[] = [];
      let size = 0;
      stream.on('data', (piece: Buffer) => {
        size += piece.length;
        pieces.push(piece);
        if (size > bytesMax) stream.destroy(new Problem('file-too-complex', { detail: 'The file unpacks to far more data than is read from one file.' }));
      });
      stream.on('error', (cause) => reject(cause instanceof Problem ? cause : damaged(cause)));
      stream.on('end', () => resolve(Buffer.concat(pieces)));
    });
  });
}

/** Office files have no document type; entities that grow without end or name other files need one. */
function refuseDoctype(part: Uint8Array): void {
  const buffer = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
  if (buffer.includes('<!DOCTYPE') || buffer.includes(Buffer.from('<!DOCTYPE', 'utf16le')) || buffer.includes(Buffer.from('<!ENTITY'))) {
    throw new Problem('file-damaged', { detail: 'The file defines its own XML entities, which Office files never do. It was not read.' });
  }
}

function checkFormat(names: ReadonlySet<string>, format: Format): void {
  const all = [...names];
  if (all.some((name) => mainParts[format]?.test(name))) return;
  const other = Object.values(mainParts).some((part) => all.some((name) => part.test(name)));
  if (other) throw new Problem('file-type-mismatch', { detail: 'The contents of the file are another kind of Office document than its name says.' });
  throw new Problem('file-damaged', { detail: 'The file is an archive, but the part that holds an Office document is missing.' });
}

function damaged(cause: unknown): Problem {
  return new Problem('file-damaged', { cause });
}
