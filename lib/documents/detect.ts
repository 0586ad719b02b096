/**
 * Which format a file is, from its name and its first bytes together. Used at upload, before anything is
 * kept, and again before a file is read. It never trusts the name alone and never opens what it detects.
 */
import { Problem } from '#lib/errors.ts';
import type { Format } from './types.ts';

/** How much of a file's beginning `detectFormat` should be given, in bytes. Less is fine when the file is shorter. */
export const detectionBytes = 64 * 1024;

const formatOfExtension: Readonly<Record<string, Format>> = {
  pdf: 'pdf',
  docx: 'docx', docm: 'docx', dotx: 'docx',
  xlsx: 'xlsx', xlsm: 'xlsx', xltx: 'xlsx',
  pptx: 'pptx', pptm: 'pptx', ppsx: 'pptx', potx: 'pptx',
  md: 'markdown', markdown: 'markdown', mdx: 'markdown',
  html: 'html', htm: 'html', xhtml: 'html',
  txt: 'text', text: 'text', log: 'text', rst: 'text', adoc: 'text', srt: 'text',
  csv: 'csv', tsv: 'csv',
};

/** Extensions a file chooser may offer, with the dot. */
export const acceptedExtensions = Object.keys(formatOfExtension).map((extension) => `.${extension}`);

const textFormats: ReadonlySet<Format> = new Set(['markdown', 'html', 'text', 'csv']);
const archiveFormats: ReadonlySet<Format> = new Set(['docx', 'xlsx', 'pptx']);

const accepted = 'PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), Markdown, HTML, text and CSV files can be read.';
const formatNames: Readonly<Record<Format, string>> = {
  pdf: 'a PDF', docx: 'a Word document', xlsx: 'an Excel workbook', pptx: 'a PowerPoint presentation',
  markdown: 'Markdown text', html: 'HTML', text: 'plain text', csv: 'a CSV table',
};
const olderOffice: Readonly<Record<string, string>> = { doc: '.docx', dot: '.docx', xls: '.xlsx', xlt: '.xlsx', ppt: '.pptx', pps: '.pptx' };

/**
 * The format of a file. `head` is its beginning, `detectionBytes` of it or all of a shorter file.
 * Throws a `Problem`: file-empty, file-encrypted (a password-protected Office file), file-type-mismatch, file-type-unsupported.
 */
export async function detectFormat(fileName: string, head: Uint8Array): Promise<Format> {
  if (head.length === 0) throw new Problem('file-empty');
  const extension = extensionOf(fileName);
  const claimed = formatOfExtension[extension];
  const older = olderOffice[extension];
  if (older) throw new Problem('file-type-unsupported', { detail: `Older Office files (.${extension}) cannot be read. Save the file as ${older} and upload it again.` });
  if (extension !== '' && !claimed) throw new Problem('file-type-unsupported', { detail: `Files ending in .${extension} cannot be read. ${accepted}` });

  const found = await detectContent(head, claimed);
  if (found === 'plain') return resolvePlainText(claimed);
  if (found === 'unknown') {
    if (!claimed) throw new Problem('file-type-unsupported', { detail: `The contents of the file were not recognised. ${accepted}` });
    throw mismatch(claimed, 'something else or damaged at its beginning');
  }
  if (claimed && claimed !== found) throw mismatch(claimed, formatNames[found]);
  return found;
}

function resolvePlainText(claimed: Format | undefined): Format {
  if (!claimed) return 'text';
  if (!textFormats.has(claimed)) throw mismatch(claimed, 'plain text');
  return claimed;
}

/** A format known by its content, `plain` for any text, or `unknown`. */
async function detectContent(head: Uint8Array, claimed: Format | undefined): Promise<Format | 'plain' | 'unknown'> {
  if (hasPdfHeader(head)) return 'pdf';
  if (startsWith(head, [0xd0, 0xcf, 0x11, 0xe0])) throw describeCompoundFile(head, claimed);
  if (isText(head) && !startsWithText(head, '{\\rtf')) return 'plain';
  const { fileTypeFromBuffer } = await import('file-type');
  // Some malformed files make the detector throw; that is as good as not recognised.
  const type = await fileTypeFromBuffer(head).catch(() => undefined);
  const format = type ? formatOfExtension[type.ext] : undefined;
  if (format && !textFormats.has(format)) return format;
  // The entry that tells an Office file from other archives can lie beyond the head; the reader checks it again.
  if (type?.ext === 'zip' && claimed && archiveFormats.has(claimed)) return claimed;
  if (claimed && type && !archiveFormats.has(claimed)) throw mismatch(claimed, `${type.ext.toUpperCase()} (${type.mime})`);
  return 'unknown';
}

/** The old Office container: a protected .docx, .xlsx or .pptx is wrapped in one, an older file is one. */
function describeCompoundFile(head: Uint8Array, claimed: Format | undefined): Problem {
  const directory = new TextDecoder('utf-16le').decode(head.subarray(0, head.length - (head.length % 2)));
  const older = ['WordDocument', 'Workbook', 'PowerPoint Document'].some((stream) => directory.includes(stream));
  if (claimed && archiveFormats.has(claimed) && !older) return new Problem('file-encrypted');
  if (claimed) return mismatch(claimed, 'an older Office file. Save it in the current format and upload it again');
  return new Problem('file-type-unsupported', { detail: `Older Office files cannot be read. ${accepted}` });
}

function mismatch(claimed: Format, contents: string): Problem {
  return new Problem('file-type-mismatch', { detail: `The name says this is ${formatNames[claimed]}, but its contents are ${contents}.` });
}

function extensionOf(fileName: string): string {
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1).toLowerCase();
}

/** Readers accept a PDF header anywhere in the first kilobyte, behind whatever a mail gateway put there. */
function hasPdfHeader(head: Uint8Array): boolean {
  return Buffer.from(head.subarray(0, 1024)).includes('%PDF-');
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}

function startsWithText(head: Uint8Array, text: string): boolean {
  return Buffer.from(head.subarray(0, text.length)).toString('latin1') === text;
}

/** True for UTF-16 with its mark, UTF-8, and single-byte text with hardly any control characters; never with a NUL. */
function isText(head: Uint8Array): boolean {
  const wide = sniffUtf16(head);
  if (wide) return decodes(wide, head.subarray(0, head.length - (head.length % 2)));
  if (head.includes(0)) return false;
  if (decodes('utf-8', head)) return true;
  const controls = head.reduce((count, byte) => count + (byte < 32 && (byte < 9 || byte > 13) ? 1 : 0), 0);
  return controls <= head.length / 500;
}

/** UTF-16 by its mark, or, for mostly Latin text, by the zero in every second byte. */
export function sniffUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  if (startsWith(bytes, [0xfe, 0xff])) return 'utf-16be';
  const pairs = Math.floor(Math.min(bytes.length, 512) / 2);
  let even = 0;
  let odd = 0;
  for (let index = 0; index < pairs * 2; index += 1) {
    if (bytes[index] !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  if (pairs < 4) return undefined;
  if (even === 0 && odd > pairs * 0.8) return 'utf-16le';
  return odd === 0 && even > pairs * 0.8 ? 'utf-16be' : undefined;
}

function decodes(encoding: string, bytes: Uint8Array): boolean {
  try {
    // `stream` forgives a character cut in two by the end of the head.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return !text.includes('\0');
  } catch {
    return false;
  }
}
