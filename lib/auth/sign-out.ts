/**
 * Signing out: the session ends here, and where the provider offers it (OpenID Connect RP-Initiated Logout 1.0) the
 * browser goes on to end it there too. Here comes first: a provider that does not answer keeps nobody signed in.
 */
import { signInActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { env } from '../env.ts';
import { json, redirectTo } from '../http/reply.ts';
import { logger } from '../log.ts';
import { cookieLine, sessionCookieName } from './cookies.ts';
import { discover } from './discovery.ts';
import { readForm } from './form.ts';
import { findProvider } from './provider-store.ts';
import { unseal } from './seal.ts';
import { hashToken, sessionToken } from './session.ts';
import { idTokenPurpose } from './start-session.ts';

const log = logger('sign-in');
/** What the provider gives back as `state`, so that the sign-in page can say what happened. */
export const signedOutState = 'signed-out';

interface EndedSession {
  id: string;
  provider: string | null;
  idToken: Buffer | null;
}

/** Ends the session that the request carries. Answers where the browser goes next. */
export async function signOut(request: Request): Promise<Response> {
  const { isJson } = await readForm(request);
  const token = sessionToken(request);
  const ended = token === null ? undefined : await endSession(token);
  const address = ended === undefined ? '/sign-in?signed-out=1' : await addressAfter(ended);
  const cookie = cookieLine(sessionCookieName(), '');
  if (!isJson) return redirectTo(address, [cookie]);
  const response = json({ url: address });
  response.headers.append('set-cookie', cookie);
  return response;
}

async function endSession(token: string): Promise<EndedSession | undefined> {
  return transaction(signInActor, async (tx) => {
    const session = await tx.deleteFrom('sessions').where('token_sha256', '=', hashToken(token)).returning(['id', 'member_id', 'provider', 'id_token']).executeTakeFirst();
    if (session === undefined) return undefined;
    await appendRecord(tx, signInActor, { event: 'session.ended', memberId: session.member_id, subject: { kind: 'member', id: session.member_id }, details: { session: session.id, by: 'signing out' } });
    return { id: session.id, provider: session.provider, idToken: session.id_token };
  });
}

/** Where the browser goes: to the provider's sign-out, or to our sign-in page. */
async function addressAfter(session: EndedSession): Promise<string> {
  const here = '/sign-in?signed-out=1';
  try {
    const provider = session.provider === null ? undefined : await findProvider(session.provider);
    if (provider?.kind !== 'oidc' || provider.logout !== 'provider') return here;
    const { end_session_endpoint: endpoint } = await discover(provider.issuer);
    if (endpoint === undefined) return here;
    const address = new URL(endpoint);
    if (session.idToken !== null) address.searchParams.set('id_token_hint', unseal(idTokenPurpose(session.id), session.idToken));
    address.searchParams.set('client_id', provider.clientId);
    address.searchParams.set('post_logout_redirect_uri', signedOutAddress());
    address.searchParams.set('state', signedOutState);
    return address.href;
  } catch (error) {
    log.warn({ error }, 'a person was signed out here and not at the identity provider');
    return '/sign-in?signed-out=here';
  }
}

/** Where a provider sends people after signing out there; registered with it, so it never holds a query. */
export function signedOutAddress(): string {
  return `${env().ATTEST_URL}/sign-in`;
}
