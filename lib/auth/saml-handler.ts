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
import { adminLinkCookieName, cookieLine, readCookies, samlCookieName, sessionCookieName } from './cookies.ts';
import { readIdentity } from './identity.ts';
import { findProvider } from './provider-store.ts';
import type { SamlProvider } from './provider.ts';
import { describeUs, newRequestId, readResponse, requestAddress, requestMsMax, UnlastingName, type Assertion } from './saml.ts';
import { SamlRefusal } from './saml-document.ts';
import { seal, unseal } from './seal.ts';
import type { SignInRefusal } from './types.ts';

const log = logger('sign-in');
const bodyBytesMax = 512 * 1024;
const secretBytes = 32;

const answerPurpose = (requestId: string) => `answer to SAML request ${requestId}`;

/** The provider's address for a new request, and the cookie that ties it to this browser. */
export async function startSaml(provider: SamlProvider, path: string): Promise<{ location: string; cookies: string[] }> {
  const id = newRequestId();
  const secret = randomBytes(secretBytes).toString('base64url');
  await transaction(signInActor, async (tx) => {
    await tx.deleteFrom('saml_requests').where('expires_at', '<', new Date()).execute();
    await tx.insertInto('saml_requests').values({ id, provider: provider.id, browser_sha256: hash(secret), return_path: path, expires_at: new Date(Date.now() + requestMsMax) }).execute();
  });
  return { location: await requestAddress(provider, id), cookies: [cookieLine(samlCookieName(), secret, requestMsMax / 1000)] };
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
    if (!isDuplicate(error) && !(error instanceof AnsweredBefore)) throw error;
    return refuse(provider, new Error('the assertion was used before'));
  }
  return redirectTo(`/api/auth/saml/${provider.id}/finish`);
}

class AnsweredBefore extends Error {}

async function isPending(provider: SamlProvider, requestId: string): Promise<boolean> {
  const row = await transaction(signInActor, (tx) =>
    tx.selectFrom('saml_requests').select('id').where('id', '=', requestId).where('provider', '=', provider.id).where('answer', 'is', null).where('expires_at', '>', new Date()).executeTakeFirst(),
  );
  return row !== undefined;
}

/** Keeps the claims with the request they answer, once: neither a request nor an assertion is good for a second time. */
async function keepAnswer(provider: SamlProvider, { requestId, claims, idSha256, expiresAt }: Assertion): Promise<void> {
  await transaction(signInActor, async (tx) => {
    await tx.deleteFrom('spent_tokens').where('expires_at', '<', new Date()).execute();
    await tx.insertInto('spent_tokens').values({ provider: provider.id, kind: 'assertion', id_sha256: idSha256, expires_at: expiresAt }).execute();
    const kept = await tx
      .updateTable('saml_requests')
      .set({ answer: seal(answerPurpose(requestId), JSON.stringify(claims)) })
      .where('id', '=', requestId)
      .where('provider', '=', provider.id)
      .where('answer', 'is', null)
      .where('expires_at', '>', new Date())
      .executeTakeFirst();
    if (kept.numUpdatedRows === 0n) throw new AnsweredBefore();
  });
}

/** Signs in whom the answer names, in the browser that asked. */
export async function finishSaml(request: Request, providerId: string): Promise<Response> {
  const provider = await samlProvider(providerId);
  const secret = readCookies(request.headers.get('cookie')).get(samlCookieName());
  const answered = secret === undefined ? undefined : await takeAnswer(provider, secret);
  if (answered === undefined) return refuse(provider, new Error('no sign-in was under way in this browser'));
  const identity = readIdentity(answered.claims, { provider: provider.id, groupsClaim: 'groups', trustsRole: false, trustsEmail: provider.trustsEmail });
  const decision = await admit(identity, circumstancesOf(request));
  if ('refusal' in decision) return toSignIn(decision.refusal);
  const seconds = Math.floor((decision.expiresAt.getTime() - Date.now()) / 1000);
  return redirectTo(answered.path, [cookieLine(sessionCookieName(), decision.token, seconds), cookieLine(samlCookieName(), ''), cookieLine(adminLinkCookieName(), '')]);
}

async function takeAnswer(provider: SamlProvider, secret: string): Promise<{ claims: unknown; path: string } | undefined> {
  const row = await transaction(signInActor, (tx) =>
    tx
      .deleteFrom('saml_requests')
      .where('browser_sha256', '=', hash(secret))
      .where('provider', '=', provider.id)
      .where('answer', 'is not', null)
      .where('expires_at', '>', new Date())
      .returning(['id', 'answer', 'return_path'])
      .executeTakeFirst(),
  );
  if (row?.answer == null) return undefined;
  return { claims: JSON.parse(unseal(answerPurpose(row.id), row.answer)), path: row.return_path };
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
