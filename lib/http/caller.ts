/**
 * Who makes a request, and whether they may: by session, or, where a route takes API keys, by key alone. A request
 * that brings both is refused, because each would say something else about who is asking.
 */
import type { Permission } from '../access/permissions.ts';
import { isPermitted } from '../access/permissions.ts';
import { signInActor, type KeyScope, type MemberActor } from '../actor.ts';
import { bearerToken, carriesSession, findKeyActor, showsKey, type ShownKey } from '../auth/api-key.ts';
import { hasRecentSignIn, readActor } from '../auth/session.ts';
import { Problem } from '../errors.ts';
import { takeFromRateLimit, type RateLimit } from './rate-limit.ts';
import { appendWithinReason, recordRefusal, routeOf } from './refusal.ts';

/** What a route asks of whoever calls it. */
export interface Admission {
  permission: Permission;
  /** The route takes API keys that have one of these scopes, and nothing else. Unset: it takes sessions, and no key ever. */
  scopes?: readonly KeyScope[];
  /** The act is so sensitive that it takes a sign-in of the last ten minutes, and never a key. */
  recentSignIn?: true;
  /** Unset: the general limit. */
  rateLimit?: RateLimit;
}

/** The member who calls. Throws the recorded refusal of everybody else. */
export async function admitCaller(request: Request, admission: Admission): Promise<MemberActor> {
  if (showsKey(request) && carriesSession(request)) {
    throw await recordRefusal(request, null, new Problem('malformed-request', { detail: 'A request brings a session or an API key, not both. Send the key without cookies.' }));
  }
  const actor = admission.scopes === undefined ? await bySession(request) : await byKey(request, admission.scopes);
  if (!isPermitted(actor.role, admission.permission)) throw await recordRefusal(request, actor, new Problem('not-permitted'));
  if (admission.recentSignIn === true && !(actor.key === undefined && (await hasRecentSignIn(request)))) throw await recordRefusal(request, actor, new Problem('sign-in-again'));
  // A key has a limit of its own, within that of its member: ten keys do not make ten members.
  const limited = (actor.key === undefined ? null : await takeFromRateLimit(actor.key.id, 'key')) ?? (await takeFromRateLimit(actor.id, admission.rateLimit ?? 'general'));
  if (limited !== null) throw await recordRefusal(request, actor, limited);
  return actor;
}

async function bySession(request: Request): Promise<MemberActor> {
  if (showsKey(request)) {
    throw await recordKeyRefusal(request, await findKeyActor(bearerToken(request) ?? ''), new Problem('sign-in-required', { detail: 'This address takes no API key. Sign in to use it.' }));
  }
  const actor = await readActor(request);
  if (actor === null) throw await recordRefusal(request, null, new Problem('sign-in-required'));
  return actor;
}

async function byKey(request: Request, scopes: readonly KeyScope[]): Promise<MemberActor> {
  const token = bearerToken(request);
  if (token === null) throw await recordRefusal(request, null, new Problem('key-refused', { detail: 'Send an API key in the header “Authorization: Bearer attest_...”.' }));
  const shown = await findKeyActor(token);
  if (shown.actor === null) throw await recordKeyRefusal(request, shown, new Problem('key-refused'));
  await requireScope(request, shown.actor, scopes);
  return shown.actor;
}

/** Throws the recorded refusal of a member who acts through a key with none of these scopes, or through no key. */
export async function requireScope(request: Request, actor: MemberActor, scopes: readonly KeyScope[]): Promise<void> {
  if (hasScope(actor, scopes)) return;
  const detail = `This API key was not made for that. It takes one that may “${scopes.join('” or “')}”.`;
  throw await recordKeyRefusal(request, { actor, refusal: null }, new Problem('scope-missing', { detail, data: { scopes } }));
}

/** True when the member acts through a key that has one of these scopes. */
export function hasScope({ key }: MemberActor, scopes: readonly KeyScope[]): boolean {
  return key !== undefined && scopes.some((scope) => key.scopes.includes(scope));
}

/** Records that a key was refused: as its member where it works, else as nobody, but under the name of the member whose it was. */
async function recordKeyRefusal(request: Request, shown: ShownKey, problem: Problem): Promise<Problem> {
  const route = routeOf(request);
  const key = shown.actor === null ? shown.key : (shown.actor.key ?? null);
  await appendWithinReason(shown.actor ?? signInActor, {
    event: 'key.refused',
    outcome: 'refused',
    subject: key === null ? { kind: 'route', id: route } : { kind: 'key', id: key.id, name: key.name },
    ...(shown.actor === null && shown.key !== null ? { memberId: shown.key.memberId } : {}),
    details: { code: problem.code, route, ...(shown.refusal === null ? {} : { because: shown.refusal }) },
  });
  return problem;
}
