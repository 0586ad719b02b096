/** What our pages send to the sign-in: a few short values, as JSON or as a form. */
import { z } from 'zod';
import { env } from '../env.ts';
import { Problem } from '../errors.ts';
import { readBytes } from '../http/body.ts';

const bytesMax = 16 * 1024;
const valuesSchema = z.record(z.string(), z.unknown()).transform((record) =>
  Object.fromEntries(Object.entries(record).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []))),
);

/** The values of a JSON object or a form; an empty body has none. Throws Problem 'malformed-request' or 'body-too-large'. */
export async function readForm(request: Request): Promise<{ values: Record<string, string>; isJson: boolean }> {
  const isJson = request.headers.get('content-type')?.startsWith('application/json') ?? false;
  const text = new TextDecoder().decode(await readBytes(request, bytesMax));
  if (!isJson) return { values: Object.fromEntries(new URLSearchParams(text)), isJson };
  try {
    return { values: valuesSchema.parse(text === '' ? {} : JSON.parse(text)), isJson };
  } catch (error) {
    throw new Problem('malformed-request', { detail: 'The request is not a JSON object.', cause: error });
  }
}

/** The page to return to after signing in: a path of ours, whatever was asked for. Never an API address, never sign-in itself. */
export function returnPath(asked: string | undefined): string {
  const base = new URL(env().ATTEST_URL).origin;
  if (asked === undefined || !URL.canParse(asked, base)) return '/';
  const { origin, pathname, search } = new URL(asked, base);
  if (origin !== base || /^\/(api|sign-in)(\/|$)/.test(pathname) || pathname.startsWith('//')) return '/';
  return `${pathname}${search}`;
}
