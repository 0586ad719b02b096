/**
 * OpenID Connect Back-Channel Logout 1.0: the provider's server tells us, with a signed token, that a session there or
 * everything of a person has ended, and their sessions here end in the same moment. Sessions are looked up with each
 * request, so every process counts it at once.
 */
import { createHash } from 'node:crypto';
import { errors, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import { signInActor } from '../actor.ts';
import { appendRecord, type NewRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { isProblem, Problem } from '../errors.ts';
import { readBytes } from '../http/body.ts';
import { appendWithinReason } from '../http/refusal.ts';
import { json } from '../http/reply.ts';
import { logger } from '../log.ts';
import { discover } from './discovery.ts';
import { whatFailed } from './failure.ts';
import { findProvider } from './provider-store.ts';
import type { OidcProvider } from './provider.ts';
import { clockSecondsMax, verifySignature } from './signature.ts';

const log = logger('sign-in');
const bodyBytesMax = 64 * 1024;
/** A logout token is sent at once and good for this long, also where it says longer. */
const tokenSecondsMax = 5 * 60;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** Section 2.4. What is not named here may be present and means nothing; a nonce must not, so that no ID token passes for one. */
const claimsShape = z
  .looseObject({
    iat: z.number(),
    jti: z.string().min(1).max(1000),
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    events: z.looseObject({ [logoutEvent]: z.looseObject({}) }),
  })
  .refine((claims) => claims.sub !== undefined || claims.sid !== undefined, 'neither sub nor sid')
  .refine((claims) => !Object.hasOwn(claims, 'nonce'), 'a nonce')
  .refine((claims) => !Array.isArray(claims.events) && !Array.isArray(claims.events[logoutEvent]), 'events of another shape');
type LogoutClaims = z.infer<typeof claimsShape>;

class SpentToken extends Error {}

/** Ends the sessions that the token of this request names. 200 when it was believed, else 400 and nothing has ended. */
export async function endFromProvider(request: Request, providerId: string): Promise<Response> {
  const provider = await findProvider(providerId);
  if (provider?.kind !== 'oidc') throw new Problem('not-found');
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  const form = new URLSearchParams(new TextDecoder().decode(await readBytes(request, bodyBytesMax)));
  const [token, ...more] = form.getAll('logout_token');
  try {
    if (type !== 'application/x-www-form-urlencoded' || token === undefined || more.length > 0) throw new Error('the request does not hold one logout_token');
    await end(provider, await readLogoutToken(provider, token));
    return json({});
  } catch (error) {
    if (error instanceof Problem && !isProblem(error, 'identity-provider-unavailable')) throw error;
    return refuse(provider, error);
  }
}

async function readLogoutToken(provider: OidcProvider, token: string): Promise<LogoutClaims> {
  // A token of another kind is refused before anything is asked of anybody.
  const header = decodeProtectedHeader(token);
  if (typeof header.typ !== 'string' || !/^(?:application\/)?logout\+jwt$/i.test(header.typ)) throw new Error('the token is not a logout token');
  const metadata = await discover(provider.issuer);
  const payload = await verifySignature(token, metadata, { audience: provider.clientId, requiredClaims: ['iss', 'aud', 'iat', 'jti', 'events'], maxTokenAge: tokenSecondsMax });
  const claims = claimsShape.parse(payload);
  if (claims.iat > Date.now() / 1000 + clockSecondsMax) throw new Error('the token was issued in the future');
  return claims;
}

async function end(provider: OidcProvider, claims: LogoutClaims): Promise<void> {
  try {
    await transaction(signInActor, async (tx) => {
      await spend(tx, provider, claims);
      const ended = await endSessions(tx, provider, claims);
      for (const record of ended) await appendRecord(tx, signInActor, record);
    });
  } catch (error) {
    throw isDuplicate(error) ? new SpentToken('the token was used before') : error;
  }
}

async function spend(tx: Tx, provider: OidcProvider, { jti }: LogoutClaims): Promise<void> {
  await tx.deleteFrom('spent_tokens').where('expires_at', '<', new Date()).execute();
  const expires_at = new Date(Date.now() + (tokenSecondsMax + 2 * clockSecondsMax) * 1000);
  await tx.insertInto('spent_tokens').values({ provider: provider.id, kind: 'logout', id_sha256: createHash('sha256').update(jti).digest(), expires_at }).execute();
}

/** With `sid` that one session, and those of the person that came without one; with `sub` alone all that the person has with this provider. */
async function endSessions(tx: Tx, provider: OidcProvider, { sub, sid }: LogoutClaims): Promise<NewRecord[]> {
  let ending = tx.deleteFrom('sessions').where('provider', '=', provider.id);
  if (sid !== undefined) ending = ending.where((of) => of.or([of('provider_session', '=', sid), ...(sub === undefined ? [] : [of('provider_session', 'is', null)])]));
  if (sub !== undefined) {
    ending = ending.where('member_id', 'in', tx.selectFrom('accounts').select('member_id').where('provider', '=', provider.id).where('provider_account_id', '=', sub));
  }
  const ended = await ending.returning(['id', 'member_id']).execute();
  return ended.map((session) => ({
    event: 'session.ended',
    memberId: session.member_id,
    subject: { kind: 'member', id: session.member_id },
    details: { session: session.id, by: 'the identity provider', provider: provider.id },
  }));
}

async function refuse(provider: OidcProvider, error: unknown): Promise<Response> {
  const because = error instanceof z.ZodError ? 'the token lacks what it must say' : error instanceof errors.JWTExpired ? 'the token has expired' : whatFailed(error, {});
  log.warn({ provider: provider.id, because }, 'a logout token was refused');
  await appendWithinReason(signInActor, { event: 'request.refused', outcome: 'refused', subject: { kind: 'route', id: 'POST /api/auth/backchannel' }, details: { code: 'logout-token-refused', because, provider: provider.id } });
  return json({ error: 'invalid_request', error_description: because }, 400);
}
