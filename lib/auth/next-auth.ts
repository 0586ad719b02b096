/**
 * Runs next-auth as a function from a request to what it would answer. It takes next-auth's entry for classic request
 * and response objects, because the one for route handlers reads the request from Next's surroundings, which neither
 * tests nor another server have. Its answer is only ever a redirect and cookies; lib/auth/handler.ts judges it.
 */
import * as imported from 'next-auth/next';
import type { AuthOptions } from 'next-auth';
import { env, tellNextAuth } from '../env.ts';

export interface NextAuthCall {
  method: 'GET' | 'POST';
  action: 'signin' | 'callback';
  providerId: string;
  query: Record<string, string>;
  body: Record<string, string>;
  cookies: Record<string, string>;
}

export interface NextAuthAnswer {
  status: number;
  /** Where it redirects to; null when it answers something else, such as a configuration error. */
  location: string | null;
  /** Set-Cookie lines. */
  cookies: string[];
}

type Entry = (request: object, response: object, options: AuthOptions) => Promise<unknown>;

/** Runs one step of the sign-in at our own address, whatever Host the request names. */
export async function runNextAuth(call: NextAuthCall, options: AuthOptions): Promise<NextAuthAnswer> {
  tellNextAuth(`${new URL(env().ATTEST_URL).origin}/api/auth`);
  const answer = new Answer();
  const request = {
    method: call.method,
    query: { ...call.query, nextauth: [call.action, call.providerId] },
    body: call.body,
    cookies: call.cookies,
    headers: {},
  };
  await entry()(request, answer, options);
  return { status: answer.statusCode, location: answer.one('location'), cookies: answer.all('set-cookie') };
}

/** next-auth is CommonJS: what its default export is called depends on who loads it, Node or a bundler. */
function entry(): Entry {
  let found: unknown = imported;
  while (typeof found === 'object' && found !== null && 'default' in found) found = found.default;
  if (typeof found !== 'function') throw new Error('next-auth has no handler.');
  const handler = found;
  return async (request, response, options) => handler(request, response, options);
}

/** As much of a classic response object as next-auth writes to. */
class Answer {
  statusCode = 200;
  readonly #headers = new Map<string, string | string[]>();

  status(code: number): this {
    this.statusCode = code;
    return this;
  }
  getHeader(name: string): string | string[] | undefined {
    return this.#headers.get(name.toLowerCase());
  }
  setHeader(name: string, value: string | string[]): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }
  json(): void {}
  send(): void {}
  end(): void {}

  one(name: string): string | null {
    return this.all(name)[0] ?? null;
  }
  all(name: string): string[] {
    return [this.#headers.get(name) ?? []].flat();
  }
}
