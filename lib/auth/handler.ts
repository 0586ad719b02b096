/**
 * The sign-in over HTTP, in three steps, each made by our own pages or by the provider's redirect:
 *
 *   POST /api/auth/signin/<provider>    body {"callbackUrl": "/ask"}, JSON or form -> the provider's address
 *   GET  /api/auth/callback/<provider>  from the provider -> session cookie and back to callbackUrl, else /sign-in?error=
 *   POST /api/auth/signout              ends the session -> /sign-in
 *
 * A JSON request is answered {"url": ...} for the page to go to, a form with a redirect. Nothing else of next-auth is
 * reachable: no session, providers, log or error page.
 */
import { createHash, randomBytes } from 'node:crypto';
import { signInActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem, isProblem } from '../errors.ts';
import { appendWithinReason } from '../http/refusal.ts';
import { json, redirectTo } from '../http/reply.ts';
import { logger } from '../log.ts';
import { cookieOptions, readCookies, sessionCookieName, signInCookieNames } from './cookies.ts';
import { discover } from './discovery.ts';
import { isOutage, whatFailed } from './failure.ts';
import { readForm, returnPath } from './form.ts';
import { runNextAuth, type NextAuthAnswer } from './next-auth.ts';
import { authOptions, type SignInAttempt } from './options.ts';
import { authSecret, signInProvider, type SignInProvider } from './provider.ts';
import { hashToken, sessionToken } from './session.ts';
import type { SignInRefusal } from './types.ts';

const log = logger('sign-in');

/** Answers a request below /api/auth; `segments` is the rest of its path. Cross-site writes have been refused before. */
export async function handleSignIn(request: Request, segments: readonly string[]): Promise<Response> {
  const [action, providerId] = segments;
  if (segments.length === 2 && action === 'signin' && request.method === 'POST') return startSignIn(request, providerNamed(providerId));
  if (segments.length === 2 && action === 'callback' && request.method === 'GET') return finishSignIn(request, providerNamed(providerId));
  if (segments.length === 1 && action === 'signout' && request.method === 'POST') return signOut(request);
  throw new Problem('not-found');
}

function providerNamed(id: string | undefined): SignInProvider {
  const provider = signInProvider();
  if (provider === null || provider.id !== id) throw new Problem('not-found');
  return provider;
}

async function startSignIn(request: Request, provider: SignInProvider): Promise<Response> {
  const { values, isJson } = await readForm(request);
  const attempt: SignInAttempt = { previousToken: null };
  // next-auth wants a token that its own form would carry; route.ts has proved already that a page of ours asks.
  const token = randomBytes(32).toString('hex');
  const signed = createHash('sha256').update(`${token}${authSecret()}`).digest('hex');
  const cookies = { [signInCookieNames().csrfToken]: `${token}|${signed}` };
  const body = { csrfToken: token, callbackUrl: returnPath(values['callbackUrl']) };
  try {
    const options = authOptions(provider, await discover(provider.issuer), attempt);
    const answer = await runNextAuth({ method: 'POST', action: 'signin', providerId: provider.id, query: {}, body, cookies }, options);
    if (answer.location === null || !answer.cookies.some((line) => line.startsWith(`${signInCookieNames().state}=`))) throw new Error('next-auth did not start the sign-in.');
    return isJson ? withCookies(json({ url: answer.location }), answer.cookies) : redirectTo(answer.location, answer.cookies);
  } catch (error) {
    if (isJson || !isProblem(error, 'identity-provider-unavailable')) throw error;
    log.warn({ error: error.cause }, 'the identity provider does not answer');
    return toSignIn('provider-unavailable');
  }
}

async function finishSignIn(request: Request, provider: SignInProvider): Promise<Response> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const attempt: SignInAttempt = { previousToken: sessionToken(request) };
  try {
    const options = authOptions(provider, await discover(provider.issuer), attempt);
    const answer = await runNextAuth({ method: 'GET', action: 'callback', providerId: provider.id, query: callbackQuery(query), body: {}, cookies: signInCookies(request) }, options);
    return await presentOutcome(attempt, answer, query);
  } catch (error) {
    log.warn({ error }, 'a sign-in failed');
    return toSignIn(isProblem(error, 'identity-provider-unavailable') ? 'provider-unavailable' : 'unavailable');
  }
}

/** Only a granted session together with its cookie counts as signed in; whatever else next-auth answers is a refusal. */
async function presentOutcome(attempt: SignInAttempt, answer: NextAuthAnswer, query: Record<string, string>): Promise<Response> {
  const { outcome, failure } = attempt;
  if (outcome !== undefined && 'refusal' in outcome) return toSignIn(outcome.refusal);
  if (outcome !== undefined && answer.location !== null && answer.cookies.some((line) => line.startsWith(`${sessionCookieName()}=${outcome.token};`))) {
    return redirectTo(returnPath(answer.location), answer.cookies);
  }
  if (failure instanceof Problem) throw failure;
  const refusal = query['error'] !== undefined ? 'provider-refused' : isOutage(failure) ? 'provider-unavailable' : 'response-invalid';
  await appendWithinReason(signInActor, { event: 'session.refused', outcome: 'refused', details: { reason: refusal, because: whatFailed(failure, query) } });
  return toSignIn(refusal);
}

async function signOut(request: Request): Promise<Response> {
  const { isJson } = await readForm(request);
  const token = sessionToken(request);
  if (token !== null) await endSession(token);
  const { path, secure } = cookieOptions();
  const cookies = [`${sessionCookieName()}=; Path=${path}; Max-Age=0; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`];
  return isJson ? withCookies(json({ url: '/sign-in' }), cookies) : redirectTo('/sign-in', cookies);
}

async function endSession(token: string): Promise<void> {
  await transaction(signInActor, async (tx) => {
    const session = await tx.deleteFrom('sessions').where('token_sha256', '=', hashToken(token)).returning(['id', 'member_id']).executeTakeFirst();
    if (session === undefined) return;
    await appendRecord(tx, signInActor, { event: 'session.ended', memberId: session.member_id, subject: { kind: 'member', id: session.member_id }, details: { session: session.id, by: 'signing out' } });
  });
}

/** The parts of an authorization response (RFC 6749 section 4.1.2, RFC 9207); nothing else of the address reaches next-auth. */
function callbackQuery(query: Record<string, string>): Record<string, string> {
  const names = ['code', 'state', 'iss', 'error', 'error_description', 'session_state'];
  return Object.fromEntries(Object.entries(query).filter(([name]) => names.includes(name)));
}

/** The cookies of the sign-in alone. next-auth never sees the old session, or it would keep it instead of making a new one. */
function signInCookies(request: Request): Record<string, string> {
  const names = signInCookieNames();
  const present = readCookies(request.headers.get('cookie'));
  const kept = Object.values(names).flatMap((name) => (present.has(name) ? [[name, present.get(name) ?? '']] : []));
  return { ...Object.fromEntries(kept), [names.callbackUrl]: returnPath(present.get(names.callbackUrl)) };
}

function toSignIn(refusal: SignInRefusal): Response {
  return redirectTo(`/sign-in?error=${refusal}`, []);
}

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const line of cookies) response.headers.append('set-cookie', line);
  return response;
}
