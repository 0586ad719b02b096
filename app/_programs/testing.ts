/** For tests: sends requests of real clients to the handlers of the program interfaces, as Next would, without a running product. */
import { Problem } from '#lib/errors.ts';
import { problemResponse } from '#lib/http/problem.ts';
import type { RouteHandler } from '#lib/http/route.ts';
import { POST as mcp } from '../mcp/route.ts';
import { POST as complete } from '../v1/chat/completions/route.ts';
import { GET as describeOne } from '../v1/models/[id]/route.ts';
import { GET as listModels } from '../v1/models/route.ts';

export const testAddress = 'http://127.0.0.1:41999';

const handlers: Record<string, RouteHandler> = { 'POST /mcp': mcp, 'POST /v1/chat/completions': complete, 'GET /v1/models': listModels };

/** Takes the arguments of `fetch`; every client of ours takes a function of that shape in its place. */
export async function fetchInProcess(address: string | URL | Request, init?: RequestInit): Promise<Response> {
  const request = new Request(address, init);
  const { host, pathname } = new URL(request.url);
  if (!request.headers.has('host')) request.headers.set('host', host);
  const one = /^\/v1\/models\/(.+)$/.exec(pathname)?.[1];
  const handler = one === undefined ? handlers[`${request.method} ${pathname}`] : describeOne;
  if (handler === undefined) return problemResponse(new Problem('method-not-allowed'), 'in-process');
  return handler(request, { params: Promise.resolve(one === undefined ? {} : { id: decodeURIComponent(one) }) });
}
