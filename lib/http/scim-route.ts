/**
 * Makes the handlers of the provisioning interface (SCIM): who, how often, call, present, as route() does for members.
 * Only the token of a provisioning client opens them; a session or an API key is nobody here. A page cannot send such a
 * token by itself, so nothing has to be known about where a request came from.
 */
import { randomUUID } from 'node:crypto';
import { scimActor } from '../actor.ts';
import { env } from '../env.ts';
import { Problem } from '../errors.ts';
import { withinRequest } from '../request.ts';
import { findCaller } from '../scim/caller.ts';
import { ScimError } from '../scim/error.ts';
import { limits, type ScimClient } from '../scim/types.ts';
import { readBytes } from './body.ts';
import { takeFromRateLimit } from './rate-limit.ts';
import { appendWithinReason, routeOf } from './refusal.ts';
import { scimFailure, scimResponse, type ScimAnswer } from './scim-reply.ts';

export interface ScimCall {
  client: ScimClient;
  request: Request;
  /** What the address asks for after its ?. */
  search: URLSearchParams;
  /** The last part of the address: an id. '' where there is none. */
  id: string;
  ifMatch: string | null;
  /** Address of the interface, before "/Users". */
  base: string;
}

interface NextContext {
  /** Next gives a route without parameters none, not an empty record. */
  params: Promise<Record<string, string | string[] | undefined> | undefined>;
}
/** `permission` is read by the test that compares every route with lib/http/matrix.ts. */
export type ScimHandler = ((request: Request, context: NextContext) => Promise<Response>) & { readonly permission: 'scim' };

const bearer = /^bearer[ \t]+(\S+)[ \t]*$/i;

/** A handler for provisioning clients. Failures are told in SCIM's own form. */
export function scimRoute(handle: (call: ScimCall) => Promise<ScimAnswer>): ScimHandler {
  const handler = (request: Request, context: NextContext): Promise<Response> => {
    const requestId = randomUUID();
    return withinRequest(requestId, async () => {
      try {
        const client = await admitClient(request);
        const id = (await context.params)?.['id'];
        const call = { client, request, search: new URL(request.url).searchParams, id: [id ?? ''].flat().join('/'), ifMatch: request.headers.get('if-match'), base: scimBase() };
        return scimResponse(await handle(call).catch((error: unknown) => recordRefusedChange(error, request, client)), requestId);
      } catch (error) {
        return scimFailure(error, requestId);
      }
    });
  };
  return Object.assign(handler, { permission: 'scim' as const });
}

/** Address of the interface as clients have to know it. */
export function scimBase(): string {
  return `${env().ATTEST_URL}/api/scim/v2`;
}

/** The client whose token the request shows. Throws the recorded refusal of everybody else, and of a client that asks too often. */
async function admitClient(request: Request): Promise<ScimClient> {
  const caller = await findCaller(bearer.exec(request.headers.get('authorization') ?? '')?.[1] ?? null);
  if (caller.refusal !== null) {
    await record(request, caller.client, { code: 'token-refused', because: caller.refusal });
    throw new ScimError('unauthorized', 'Send the token of a provisioning client in the header "Authorization: Bearer ...".');
  }
  const limited = await takeFromRateLimit(caller.client.id, 'provisioning');
  if (limited === null) return caller.client;
  await record(request, caller.client, { code: limited.code });
  throw limited;
}

/** A change that a directory may not make is a refusal like any other. */
async function recordRefusedChange(error: unknown, request: Request, client: ScimClient): Promise<never> {
  if (error instanceof ScimError && error.scimType === 'mutability') await record(request, client, { code: error.scimType });
  throw error;
}

function record(request: Request, client: Pick<ScimClient, 'id' | 'name'> | null, details: Record<string, unknown>): Promise<void> {
  return appendWithinReason(scimActor, {
    event: 'request.refused',
    outcome: 'refused',
    subject: { kind: 'route', id: routeOf(request) },
    details: { ...details, ...(client === null ? {} : { client: { id: client.id, name: client.name } }) },
  });
}

const types = new Set(['application/scim+json', 'application/json']);

/** The JSON body. Throws ScimError 'wrongMediaType', 'tooLarge' or 'invalidSyntax'. */
export async function readScimBody(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!types.has(type)) throw new ScimError('wrongMediaType', 'Send application/scim+json.');
  const bytes = await readBytes(request, limits.bodyBytes - 1).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'body-too-large') throw new ScimError('tooLarge', `The request is ${limits.bodyBytes} bytes or more. Send fewer values at once.`, { cause: error });
    throw error;
  });
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ScimError('invalidSyntax', 'The request is not valid JSON.', { cause: error });
  }
}
