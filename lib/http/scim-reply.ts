/** Answers of the provisioning interface: application/scim+json, and its failures in SCIM's own form (RFC 7644 section 3.12). */
import type { Problem } from '../errors.ts';
import { ScimError } from '../scim/error.ts';
import { messages } from '../scim/types.ts';
import { asProblem, failureResponse } from './problem.ts';

const type = 'application/scim+json';

export interface ScimAnswer {
  status: 200 | 201 | 204 | 304;
  body?: object;
  /** A resource's version, for ETag. */
  etag?: string;
  /** Where a new resource is. */
  location?: string;
}

export function scimResponse({ status, body, etag, location }: ScimAnswer, requestId: string): Response {
  const headers = new Headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': requestId });
  if (body !== undefined) headers.set('content-type', type);
  if (etag !== undefined) headers.set('etag', etag);
  if (location !== undefined) headers.set('location', location);
  return new Response(body === undefined ? null : JSON.stringify(body), { status, headers });
}

/** Anything thrown, as SCIM tells it. What is nobody's fault but ours says nothing outside and everything in the log. */
export function scimFailure(error: unknown, requestId: string): Response {
  if (!(error instanceof ScimError)) return scimProblem(asProblem(error), requestId);
  const { status, scimType, message } = error;
  const headers = new Headers({ 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'x-request-id': requestId });
  if (status === 401) headers.set('www-authenticate', 'Bearer realm="Attest provisioning"');
  return new Response(JSON.stringify(errorBody(status, message, scimType)), { status, headers });
}

/** A failure that other interfaces share with this one: the database away, too many requests, a method that an address does not take. */
export function scimProblem(problem: Problem, requestId: string): Response {
  const status = problem.code === 'invalid-input' ? 400 : problem.status;
  const scimType = status !== 400 ? undefined : problem.code === 'malformed-request' ? 'invalidSyntax' : 'invalidValue';
  return failureResponse(problem, requestId, { type, status, body: errorBody(status, problem.message, scimType) });
}

function errorBody(status: number, detail: string, scimType: string | undefined): Record<string, unknown> {
  return { schemas: [messages.error], status: String(status), ...(scimType === undefined ? {} : { scimType }), detail };
}
