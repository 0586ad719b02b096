/**
 * Signing in again: the most sensitive acts take a sign-in of the last ten minutes, so that a window left open is not
 * enough for them. Somebody who is signed in is sent to the provider that vouched for them, which is asked to have them
 * prove anew who they are; it must be the same member, and the provider's own time of it must be later than the asking.
 */
import { z } from 'zod';
import { signInActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { againCookieName, cookieLine } from './cookies.ts';
import { findProvider } from './provider-store.ts';
import type { SignInProvider } from './provider.ts';
import { seal, unseal } from './seal.ts';
import { findActor, hashToken, sessionToken } from './session.ts';
import { clockSecondsMax } from './signature.ts';
import type { SignInRefusal } from './types.ts';

/** As long as the other cookies of a sign-in under way. */
const secondsMax = 15 * 60;
const purpose = 'cookie of signing in again';

const againSchema = z.object({ memberId: z.string(), begunAt: z.number(), path: z.string() });
/** Who signs in again, since when (milliseconds), and the page to return to. */
export type Again = z.infer<typeof againSchema>;

/** The provider that vouched for whoever asks, and the cookie for the way there. Throws Problem 'sign-in-required' or 'not-found'. */
export async function beginAgain(request: Request, path: string): Promise<{ provider: SignInProvider; cookie: string }> {
  const token = sessionToken(request);
  const actor = await findActor(token);
  if (token === null || actor === null) throw new Problem('sign-in-required');
  const session = await transaction(signInActor, (tx) => tx.selectFrom('sessions').select('provider').where('token_sha256', '=', hashToken(token)).executeTakeFirst());
  const provider = await findProvider(session?.provider ?? '');
  if (provider === undefined) throw new Problem('not-found', { detail: 'The identity provider that you signed in with is not set up any more. Sign out, and sign in with another.' });
  const again: Again = { memberId: actor.id, begunAt: Date.now(), path };
  return { provider, cookie: cookieLine(againCookieName(), seal(purpose, JSON.stringify(again)).toString('base64url'), secondsMax) };
}

/** What the cookie says; undefined without one, and for one that is not ours or too old. */
export function readAgain(cookie: string | undefined): Again | undefined {
  if (cookie === undefined) return undefined;
  try {
    const again = againSchema.parse(JSON.parse(unseal(purpose, Buffer.from(cookie, 'base64url'))));
    return Date.now() - again.begunAt < secondsMax * 1000 ? again : undefined;
  } catch {
    return undefined;
  }
}

/** Why that sign-in does not count as signing in again; null when it does. */
export function refuseAgain(again: Again, signedIn: { memberId: string; authenticatedAt: Date | undefined }): SignInRefusal | null {
  if (signedIn.memberId !== again.memberId) return 'another-account';
  const at = signedIn.authenticatedAt?.getTime() ?? 0;
  // The provider counts in seconds and by its own clock.
  return at < again.begunAt - clockSecondsMax * 1000 ? 'sign-in-too-old' : null;
}
