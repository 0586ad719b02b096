/**
 * Makes every route handler: parse, who, may, call, present, in that order. A route cannot be written without
 * saying which permission it needs. What a member may touch is then decided by row-level security.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Permission } from '../access/permissions.ts';
import type { KeyScope, MemberActor } from '../actor.ts';
import { isProblem, Problem } from '../errors.ts';
import { withinRequest } from '../request.ts';
import { bodyBytesMax, isCrossSite, readBody } from './body.ts';
import { admitCaller, type Admission } from './caller.ts';
import { foreignDetail, isForeign } from './origin.ts';
import { asProblem, problemResponse } from './problem.ts';
import { recordRefusal } from './refusal.ts';

/** What a handler gets. `body` is undefined for routes without one; routes that take a file read `request.body` themselves. */
export interface Call<Params, Query, Body> {
  actor: MemberActor;
  params: Params;
  query: Query;
  body: Body;
  request: Request;
  requestId: string;
  signal: AbortSignal;
}

export interface RouteDefinition<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> extends Admission {
  params?: Params;
  query?: Query;
  body?: Body;
  /** Largest JSON body, in bytes. Unset: 256 KiB. */
  bodyBytesMax?: number;
  /** How failures are told. Unset: as problem+json. */
  failure?: FailureForm;
}

export type FailureForm = (problem: Problem, requestId: string) => Response;

interface NextContext {
  params: Promise<Record<string, string | string[] | undefined>>;
}
/** `permission`, `scopes` and `recentSignIn` are read by the test that compares every route with lib/http/matrix.ts. */
export type RouteHandler = ((request: Request, context: NextContext) => Promise<Response>) & { readonly permission: Permission | 'open'; readonly scopes?: readonly KeyScope[]; readonly recentSignIn?: true };

const nothing = z.unknown().transform(() => undefined);

/** A handler for members with that permission. It returns a Response made by lib/http/reply.ts or stream.ts. */
export function route<Params extends z.ZodType = typeof nothing, Query extends z.ZodType = typeof nothing, Body extends z.ZodType = typeof nothing>(
  definition: RouteDefinition<Params, Query, Body>,
  handle: (call: Call<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<Response>,
): RouteHandler {
  // A key is no cookie: no browser adds it by itself, so only where a page of another site sent it has to be known.
  const isRefused = definition.scopes === undefined ? isCrossSite : isForeign;
  const handler = guard({ isRefused, failure: definition.failure ?? problemResponse }, async (request, context, requestId) => {
    const actor = await admitCaller(request, definition);
    const call = {
      actor,
      params: parse(definition.params, await context.params, 'not-found'),
      query: parse(definition.query, Object.fromEntries(new URL(request.url).searchParams), 'invalid-input'),
      body: parse(definition.body, definition.body === undefined ? undefined : await readBody(request, definition.bodyBytesMax ?? bodyBytesMax), 'invalid-input'),
    };
    return handle({ ...call, actor, request, requestId, signal: request.signal }).catch(async (error: unknown) => {
      // The role allows the call and the database refused what it asks for: a refusal like any other.
      throw isProblem(error, 'not-permitted') ? await recordRefusal(request, actor, error) : error;
    });
  });
  return Object.assign(handler, { permission: definition.permission, ...(definition.scopes === undefined ? {} : { scopes: definition.scopes }), ...(definition.recentSignIn === undefined ? {} : { recentSignIn: definition.recentSignIn }) });
}

type Handle = (request: Request, context: NextContext, requestId: string) => Promise<Response>;

/** A handler without sign-in: health checks, the sign-in itself, and addresses where nothing is. */
export function open(handle: Handle): RouteHandler {
  return Object.assign(guard({ isRefused: isCrossSite, failure: problemResponse }, handle), { permission: 'open' as const });
}

/** The same for what programs send, which name no page that they come from. */
export function openToPrograms(handle: Handle, failure: FailureForm): RouteHandler {
  return Object.assign(guard({ isRefused: isForeign, failure }, handle), { permission: 'open' as const });
}

/** The same for what an identity provider sends, from its pages or its servers: who sent it is proved by a signature, and no cookie of ours counts. */
export function openToProviders(handle: Handle): RouteHandler {
  return Object.assign(guard({ isRefused: () => false, failure: problemResponse }, handle), { permission: 'open' as const });
}

/** What every handler has in common: the request id, the refusal of requests that a page of another site sent, and how failures are told. */
function guard({ isRefused, failure }: { isRefused: (request: Request) => boolean; failure: FailureForm }, handle: Handle) {
  return async (request: Request, context: NextContext): Promise<Response> => {
    const requestId = randomUUID();
    return withinRequest(requestId, async () => {
      try {
        if (isRefused(request)) throw await recordRefusal(request, null, new Problem('cross-site-request', isRefused === isForeign ? { detail: foreignDetail } : {}));
        const response = await handle(request, context, requestId);
        return request.method === 'HEAD' ? await withoutBody(response) : response;
      } catch (error) {
        return failure(asProblem(error), requestId);
      }
    });
  };
}

/** Next gives HEAD to the handler of GET and leaves the body unread: an open file would stay open. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}

function parse<Schema extends z.ZodType>(schema: Schema | undefined, value: unknown, code: 'not-found' | 'invalid-input'): z.infer<Schema> {
  const result = (schema ?? nothing).safeParse(value);
  if (result.success) return result.data as z.infer<Schema>; // `nothing` infers undefined exactly when no schema was given
  const fields = result.error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const detail = code === 'not-found' ? undefined : `${fields.map((field) => (field.field === '' ? field.message : `${field.field}: ${field.message}`)).join('. ')}.`;
  throw new Problem(code, { ...(detail === undefined ? {} : { detail, data: { fields } }), cause: result.error });
}
