/**
 * Small files made for tests, so that no sample needs to be kept.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { zipSync } from 'fflate';
import PDFDocument from 'pdfkit';
import { scratchFolder } from '#lib/env.ts';
import type { ParsedDocument } from '#lib/documents/types.ts';

/** A PDF drawn by `draw`; A4, no margins, so that a test says where everything stands. */
export function buildPdf(draw: (pdf: PDFKit.PDFDocument) => void, options: PDFKit.PDFDocumentOptions = {}): Promise<Uint8Array> {
  const pdf = new PDFDocument({ size: 'A4', margin: 0, ...options });
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece));
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(pieces))));
    pdf.on('error', reject);
    draw(pdf);
    pdf.end();
  });
}

/** An archive of text parts. */
export function buildArchive(parts: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, new TextEncoder().encode(text)])));
}

/** The smallest Word file with that body. */
export function buildWord(body: string): Uint8Array {
  return buildArchive({
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    '_rels/.rels': '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:body>${body}</w:body></w:document>`,
  });
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Blocks in one line each: "heading1 Title", "paragraph Text". */
export function outline(document: ParsedDocument): string[] {
  return document.blocks.map((block) => `${block.kind}${block.level ?? ''} ${block.text}`);
}

/** Writes a file that is removed after the test, and returns its path. */
export async function scratchFile(context: TestContext, bytes: Uint8Array | string): Promise<string> {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-parse-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'file');
  await writeFile(file, bytes);
  return file;
}
