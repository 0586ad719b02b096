/**
 * The sign-in with SAML over HTTP:
 *
 *   POST /api/auth/signin/<provider>          makes a request, ties it to this browser -> the provider's address
 *   POST /api/auth/saml/<provider>/acs        from the provider, by way of the browser -> finish, or /sign-in?error=
 *   GET  /api/auth/saml/<provider>/finish     session cookie and back to the page, else /sign-in?error=
 *   GET  /api/auth/saml/<provider>/metadata   what the provider is told about us
 *
 * The answer is posted by another site's page, so the browser sends none of our cookies with it. It is checked and waits
 * until the browser that began the sign-in fetches it: an answer alone signs nobody in, in whatever browser it arrives.
 */
import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { signInActor } from '../actor.ts';
import { isDuplicate, transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { readBytes } from '../http/body.ts';
import { appendWithinReason } from '../http/refusal.ts';
import { redirectTo, xml } from '../http/reply.ts';
import { logger } from '../log.ts';
import { admit } from './admit.ts';
import { circumstancesOf, toSignIn } from './browser.ts';
import { adminLinkCookieName, againCookieName, cookieLine, readCookies, samlCookieName, sessionCookieName } from './cookies.ts';
import { returnPath } from './form.ts';
import { readIdentity } from './identity.ts';
import { findProvider } from './provider-store.ts';
import type { SamlProvider } from './provider.ts';
import { browserOf, describeUs, newRequestId, readResponse, requestAddress, requestMsMax, UnlastingName, type Assertion } from './saml.ts';
import { SamlRefusal } from './saml-document.ts';
import { seal, unseal } from './seal.ts';
import type { SignInRefusal } from './types.ts';

const log = logger('sign-in');
const bodyBytesMax = 512 * 1024;
const secretBytes = 32;

const answerPurpose = (requestId: string) => `answer to SAML request ${requestId}`;

/** The provider's address for a new request, and the cookie that ties it to this browser and says where to return. `again`: it is to have the person prove anew who they are. */
export async function startSaml(provider: SamlProvider, { path, again }: { path: string; again: boolean }): Promise<{ location: string; cookies: string[] }> {
  const secret = randomBytes(secretBytes).toString('base64url');
  const location = await requestAddress(provider, newRequestId(provider.id, hash(secret)), again);
  return { location, cookies: [cookieLine(samlCookieName(), `${secret}.${Buffer.from(path).toString('base64url')}`, requestMsMax / 1000)] };
}

/** Takes the provider's answer. It signs nobody in yet. */
export async function receiveSaml(request: Request, providerId: string): Promise<Response> {
  const provider = await samlProvider(providerId);
  const form = new URLSearchParams(new TextDecoder().decode(await readBytes(request, bodyBytesMax)));
  let assertion: Assertion;
  try {
    assertion = await readResponse(provider, form.get('SAMLResponse') ?? '', (requestId) => isPending(provider, requestId));
  } catch (error) {
    if (error instanceof Problem) throw error;
    return refuse(provider, error);
  }
  try {
    await keepAnswer(provider, assertion);
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return refuse(provider, new Error('the assertion was used before'));
  }
  return redirectTo(`/api/auth/saml/${provider.id}/finish`);
}

/** True for a request of ours that was not answered yet. */
async function isPending(provider: SamlProvider, requestId: string): Promise<boolean> {
  if (browserOf(requestId, provider.id) === null) return false;
  const answered = await transaction(signInActor, (tx) => tx.selectFrom('saml_answers').select('id').where('id', '=', requestId).executeTakeFirst());
  return answered === undefined;
}

/** Keeps the claims with the request they answer, once: neither a request nor an assertion is good for a second time. */
async function keepAnswer(provider: SamlProvider, { requestId, claims, idSha256, expiresAt }: Assertion): Promise<void> {
  const browser_sha256 = browserOf(requestId, provider.id);
  if (browser_sha256 === null) throw new Error('nobody asked for this assertion');
  await transaction(signInActor, async (tx) => {
    await tx.deleteFrom('spent_tokens').where('expires_at', '<', new Date()).execute();
    await tx.deleteFrom('saml_answers').where('expires_at', '<', new Date()).execute();
    await tx.insertInto('spent_tokens').values({ provider: provider.id, kind: 'assertion', id_sha256: idSha256, expires_at: expiresAt }).execute();
    // It stays, emptied, until the request would be too old by itself: taking the answer does not make room for another.
    await tx.insertInto('saml_answers').values({ id: requestId, provider: provider.id, browser_sha256, expires_at: new Date(Date.now() + requestMsMax), answer: seal(answerPurpose(requestId), JSON.stringify(claims)) }).execute();
  });
}

/** Signs in whom the answer names, in the browser that asked. */
export async function finishSaml(request: Request, providerId: string): Promise<Response> {
  const provider = await samlProvider(providerId);
  const cookie = readCookies(request.headers.get('cookie')).get(samlCookieName());
  const answered = cookie === undefined ? undefined : await takeAnswer(provider, cookie);
  if (answered === undefined) return refuse(provider, new Error('no sign-in was under way in this browser'));
  const identity = readIdentity(answered.claims, { provider: provider.id, groupsClaim: 'groups', trustsRole: false, trustsEmail: provider.trustsEmail });
  const decision = await admit(identity, circumstancesOf(request));
  if ('refusal' in decision) return toSignIn(decision.refusal);
  const seconds = Math.floor((decision.expiresAt.getTime() - Date.now()) / 1000);
  return redirectTo(answered.path, [cookieLine(sessionCookieName(), decision.token, seconds), cookieLine(samlCookieName(), ''), cookieLine(adminLinkCookieName(), ''), cookieLine(againCookieName(), '')]);
}

/** The answer for this browser, and where it wanted to go. Only the first who asks gets it. */
async function takeAnswer(provider: SamlProvider, cookie: string): Promise<{ claims: unknown; path: string } | undefined> {
  const [secret = '', path = ''] = cookie.split('.');
  const row = await transaction(signInActor, async (tx) => {
    const found = await tx
      .selectFrom('saml_answers')
      .select(['id', 'answer'])
      .where('browser_sha256', '=', hash(secret))
      .where('provider', '=', provider.id)
      .where('expires_at', '>', new Date())
      .forUpdate()
      .executeTakeFirst();
    if (found === undefined || found.answer.length === 0) return undefined;
    await tx.updateTable('saml_answers').set({ answer: Buffer.alloc(0) }).where('id', '=', found.id).execute();
    return found;
  });
  if (row === undefined) return undefined;
  return { claims: JSON.parse(unseal(answerPurpose(row.id), row.answer)), path: returnPath(Buffer.from(path, 'base64url').toString()) };
}

/** Our metadata for that provider. */
export async function describeForSaml(providerId: string): Promise<Response> {
  return xml(describeUs(await samlProvider(providerId)));
}

async function samlProvider(id: string): Promise<SamlProvider> {
  const provider = await findProvider(id);
  if (provider?.kind !== 'saml') throw new Problem('not-found');
  return provider;
}

async function refuse(provider: SamlProvider, error: unknown): Promise<Response> {
  const reason: SignInRefusal = error instanceof SamlRefusal ? 'provider-refused' : error instanceof UnlastingName ? 'subject-unusable' : 'response-invalid';
  const because = error instanceof z.ZodError ? 'the assertion lacks what it must say' : error instanceof Error ? (error.message.split(/[:"'\n]/)[0] ?? '').slice(0, 120) : 'unknown';
  log.warn({ provider: provider.id, because }, 'a SAML response was refused');
  await appendWithinReason(signInActor, { event: 'session.refused', outcome: 'refused', details: { reason, because, provider: provider.id } });
  return toSignIn(reason);
}

function hash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
