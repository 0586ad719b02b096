/** Reading what a request brings: where it came from, and its JSON body. It knows no route. */
import { env } from '../env.ts';
import { Problem } from '../errors.ts';

/** The largest JSON body that any route takes. A question is at most a few thousand characters; files do not come this way. */
export const bodyBytesMax = 256 * 1024;

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * True for a request that would change something and was not sent by a page of ours. The browser says so itself, in
 * `Sec-Fetch-Site` or, where that is missing (plain http, older browsers), in `Origin`. A program without a browser
 * sends `Origin` with our address.
 */
export function isCrossSite(request: Request): boolean {
  if (readingMethods.has(request.method)) return false;
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin') return false;
  const fromUs = request.headers.get('origin') === new URL(env().ATTEST_URL).origin;
  return !(fromUs && (site === null || site === 'none'));
}

/**
 * The JSON body. Throws Problem 'malformed-request' when it is not JSON or not said to be, 'body-too-large' above `bytesMax`, which is 256 KiB unless told.
 * Characters such as NUL pass: the schema of the route says what is wrong with them.
 */
export async function readBody(request: Request, bytesMax = bodyBytesMax): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new Problem('malformed-request', { detail: 'The request must be JSON (content-type application/json).' });
  const bytes = await readBytes(request, bytesMax);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Problem('malformed-request', { detail: 'The request is not valid JSON.', cause: error });
  }
}

/** The whole body as bytes. Counts what arrives instead of trusting Content-Length. Throws Problem 'body-too-large'. */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = new Problem('body-too-large', { detail: `The request is larger than ${Math.floor(bytesMax / 1024)} KiB.` });
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) throw tooLarge;
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of request.body ?? []) {
      size += part.byteLength;
      if (size > bytesMax) throw tooLarge;
      parts.push(part);
    }
  } catch (error) {
    if (error === tooLarge) throw error;
    throw new Problem('malformed-request', { detail: 'The request broke off before all of it arrived.', cause: error });
  }
  return Buffer.concat(parts, size);
}
