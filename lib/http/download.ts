/** A file that is written while it is downloaded. */
import { contentDisposition } from './file.ts';

const encoder = new TextEncoder();
/** Lines are joined to pieces of about this size. */
const pieceBytes = 64 * 1024;

/** Sends the lines as a file of that name, only as fast as the browser takes them. One that throws breaks the download off. */
export function downloadLines(fileName: string, mediaType: string, lines: AsyncGenerator<string>): Response {
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      let piece = '';
      while (piece.length < pieceBytes) {
        const { done, value } = await lines.next();
        if (done === true) {
          if (piece !== '') controller.enqueue(encoder.encode(piece));
          return controller.close();
        }
        piece += value;
      }
      controller.enqueue(encoder.encode(piece));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'cache-control': 'private, no-store',
      'content-disposition': contentDisposition(fileName, false),
      'content-security-policy': "sandbox; default-src 'none'",
      'content-type': mediaType,
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
  });
}
