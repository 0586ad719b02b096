/**
 * Makes every route handler: parse, who, may, call, present, in that order. A route cannot be written without
 * saying which permission it needs. What a member may touch is then decided by row-level security.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Permission } from '../access/permissions.ts';
import { isPermitted } from '../access/permissions.ts';
import type { MemberActor } from '../actor.ts';
import { readActor } from '../auth/session.ts';
import { isProblem, Problem } from '../errors.ts';
import { withinRequest } from '../request.ts';
import { isCrossSite, readBody } from './body.ts';
import { asProblem, problemResponse } from './problem.ts';
import { takeFromRateLimit, type RateLimit } from './rate-limit.ts';
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

export interface RouteDefinition<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  permission: Permission;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Unset: the general limit. */
  rateLimit?: RateLimit;
}

interface NextContext {
  params: Promise<Record<string, string | string[] | undefined>>;
}
/** `permission` is read by the test that compares every route with lib/http/matrix.ts. */
export type RouteHandler = ((request: Request, context: NextContext) => Promise<Response>) & { readonly permission: Permission | 'open' };

const nothing = z.unknown().transform(() => undefined);

/** A handler for members with that permission. It returns a Response made by lib/http/reply.ts or stream.ts. */
export function route<Params extends z.ZodType = typeof nothing, Query extends z.ZodType = typeof nothing, Body extends z.ZodType = typeof nothing>(
  definition: RouteDefinition<Params, Query, Body>,
  handle: (call: Call<z.infer<Params>, z.infer<Query>, z.infer<Body>>) => Promise<Response>,
): RouteHandler {
  const handler = open(async (request, context, requestId) => {
    const actor = await readActor(request);
    if (actor === null) throw await recordRefusal(request, null, new Problem('sign-in-required'));
    if (!isPermitted(actor.role, definition.permission)) throw await recordRefusal(request, actor, new Problem('not-permitted'));
    const limited = await takeFromRateLimit(actor.id, definition.rateLimit ?? 'general');
    if (limited !== null) throw await recordRefusal(request, actor, limited);
    const call = {
      actor,
      params: parse(definition.params, await context.params, 'not-found'),
      query: parse(definition.query, Object.fromEntries(new URL(request.url).searchParams), 'invalid-input'),
      body: parse(definition.body, definition.body === undefined ? undefined : await readBody(request), 'invalid-input'),
    };
    return handle({ ...call, actor, request, requestId, signal: request.signal }).catch(async (error: unknown) => {
      // The role allows the call and the database refused what it asks for: a refusal like any other.
      throw isProblem(error, 'not-permitted') ? await recordRefusal(request, actor, error) : error;
    });
  });
  return Object.assign(handler, { permission: definition.permission });
}

/**
 * A handler without sign-in: health checks and the sign-in itself. Everything a route shares with those stands here:
 * the request id, the refusal of cross-site writes, and failures as problem+json.
 */
export function open(handle: (request: Request, context: NextContext, requestId: string) => Promise<Response>): RouteHandler {
  const handler = async (request: Request, context: NextContext): Promise<Response> => {
    const requestId = randomUUID();
    return withinRequest(requestId, async () => {
      try {
        if (isCrossSite(request)) throw await recordRefusal(request, null, new Problem('cross-site-request'));
        const response = await handle(request, context, requestId);
        return request.method === 'HEAD' ? await withoutBody(response) : response;
      } catch (error) {
        return problemResponse(asProblem(error), requestId);
      }
    });
  };
  return Object.assign(handler, { permission: 'open' as const });
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
