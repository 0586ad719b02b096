/**
 * Serves a stored file. The file came from a stranger and so did its name: the browser is told to trust neither, to
 * run nothing in it, and to open only PDFs in place.
 */
import type { Readable } from 'node:stream';
import { openFile, wholeFile, type ByteRange } from '../documents/files.ts';
import { mediaTypes, type Format } from '../documents/types.ts';

export interface ServedFile {
  sha256: string;
  fileName: string;
  format: Format;
}

/**
 * The file, or the part of it that the request's Range asks for (RFC 9110 section 14; several ranges at once are
 * answered with the whole file). Throws Problem 'not-found' when it is not stored.
 */
export async function fileResponse(request: Request, file: ServedFile, { download }: { download: boolean }): Promise<Response> {
  const etag = `"${file.sha256}"`;
  const wanted = rangeWanted(request, etag);
  const asked = { satisfiable: true };
  const opened = await openFile(file.sha256, (bytes) => {
    const range = wanted === null ? wholeFile(bytes) : parseRange(wanted, bytes);
    asked.satisfiable = range !== null;
    return range ?? wholeFile(bytes);
  });
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': contentDisposition(file.fileName, !download && file.format === 'pdf'),
    'content-security-policy': "sandbox; default-src 'none'",
    'content-type': mediaTypes[file.format],
    'cross-origin-resource-policy': 'same-origin',
    etag,
    'x-content-type-options': 'nosniff',
  });
  if (!asked.satisfiable) {
    opened.stream.destroy();
    headers.set('content-range', `bytes */${opened.bytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { start, end } = opened.range;
  headers.set('content-length', String(end - start + 1));
  if (wanted === null) return new Response(toWebStream(opened.stream), { headers });
  headers.set('content-range', `bytes ${start}-${end}/${opened.bytes}`);
  return new Response(toWebStream(opened.stream), { status: 206, headers });
}

/** The Range header when it counts: one range of bytes, of the file that the sender knows. */
function rangeWanted(request: Request, etag: string): string | null {
  const range = request.headers.get('range');
  const condition = request.headers.get('if-range');
  if (range === null || (condition !== null && condition !== etag)) return null;
  return /^bytes=\s*(\d+-\d*|-\d+)\s*$/.test(range) ? range : null;
}

/** The bytes that a single-range header means in a file of `bytes` bytes; null when it has none of them. */
export function parseRange(header: string, bytes: number): ByteRange | null {
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header) ?? [];
  if (first === '') {
    const count = Math.min(Number(last), bytes);
    return count > 0 ? { start: bytes - count, end: bytes - 1 } : null;
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  return start < bytes && start <= end ? { start, end } : null;
}

/**
 * RFC 6266 with the name twice: in ASCII for whoever reads no more, and whole in RFC 5987's coding. Quotes, backslashes
 * and percent signs never reach the quoted form, so no name can end it.
 */
export function contentDisposition(fileName: string, inline: boolean): string {
  const name = fileName.toWellFormed();
  const ascii = name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').replace(/[^\x20-\x7e]|["\\%;]/g, '_');
  const coded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${inline ? 'inline' : 'attachment'}; filename="${ascii}"; filename*=UTF-8''${coded}`;
}

/** Reads on only as fast as the browser takes it, and lets the file go when the browser leaves. */
function toWebStream(stream: Readable): ReadableStream<Uint8Array> {
  const iterator: AsyncIterator<Uint8Array> = stream.iterator();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel() {
      stream.destroy();
    },
  });
}
