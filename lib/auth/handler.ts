/**
 * The sign-in over HTTP, in three steps, each made by our own pages or by the provider's redirect:
 *
 *   POST /api/auth/signin/<provider>    body {"callbackUrl": "/ask"}, JSON or form -> the provider's address
 *   GET  /api/auth/callback/<provider>  from the provider -> session cookie and back to callbackUrl, else /sign-in?error=
 *   POST /api/auth/again                the same as signin for somebody who is signed in, at their provider (again.ts)
 *   POST /api/auth/signout              ends the session -> the provider's sign-out or /sign-in (sign-out.ts)
 *
 * A JSON request is answered {"url": ...} for the page to go to, a form with a redirect. Nothing else of next-auth is
 * reachable: no session, providers, log or error page. Providers that speak SAML answer elsewhere (saml-handler.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import { signInActor } from '../actor.ts';
import { Problem, isProblem } from '../errors.ts';
import { appendWithinReason } from '../http/refusal.ts';
import { json, redirectTo } from '../http/reply.ts';
import { logger } from '../log.ts';
import { adminTokenIn } from './admin-link.ts';
import { beginAgain } from './again.ts';
import { circumstancesOf, toSignIn } from './browser.ts';
import { adminLinkCookieName, againCookieName, cookieLine, readCookies, sessionCookieName, signInCookieNames } from './cookies.ts';
import { discover } from './discovery.ts';
import { isOutage, whatFailed } from './failure.ts';
import { readForm, returnPath } from './form.ts';
import { runNextAuth, type NextAuthAnswer } from './next-auth.ts';
import { authOptions, type SignInAttempt } from './options.ts';
import { findProvider } from './provider-store.ts';
import { authSecret, type OidcProvider, type SignInProvider } from './provider.ts';
import { startSaml } from './saml-handler.ts';
import { signOut } from './sign-out.ts';

const log = logger('sign-in');
/** As long as next-auth keeps its own cookies of a sign-in under way. */
const signInSecondsMax = 15 * 60;

/** Answers a request below /api/auth; `segments` is the rest of its path. Cross-site writes have been refused before. */
export async function handleSignIn(request: Request, segments: readonly string[]): Promise<Response> {
  const [action, providerId] = segments;
  if (segments.length === 2 && action === 'signin' && request.method === 'POST') return startSignIn(request, await providerNamed(providerId));
  if (segments.length === 2 && action === 'callback' && request.method === 'GET') return finishSignIn(request, await providerNamed(providerId));
  if (segments.length === 1 && action === 'again' && request.method === 'POST') return startAgain(request);
  if (segments.length === 1 && action === 'signout' && request.method === 'POST') return signOut(request);
  throw new Problem('not-found');
}

async function providerNamed(id: string | undefined): Promise<SignInProvider> {
  const provider = await findProvider(id ?? '');
  if (provider === undefined) throw new Problem('not-found');
  return provider;
}

async function startSignIn(request: Request, provider: SignInProvider): Promise<Response> {
  const { values, isJson } = await readForm(request);
  const adminToken = adminTokenIn(values['admin']);
  const adminCookie = cookieLine(adminLinkCookieName(), adminToken ?? '', adminToken === undefined ? undefined : signInSecondsMax);
  return leave(provider, { path: returnPath(values['callbackUrl']), again: false, isJson, cookies: [adminCookie, cookieLine(againCookieName(), '')] });
}

async function startAgain(request: Request): Promise<Response> {
  const { values, isJson } = await readForm(request);
  const path = returnPath(values['callbackUrl']);
  const { provider, cookie } = await beginAgain(request, path);
  return leave(provider, { path, again: true, isJson, cookies: [cookieLine(adminLinkCookieName(), ''), cookie] });
}

interface Leaving {
  /** Where to return. */
  path: string;
  /** The provider is to have the person prove anew who they are. */
  again: boolean;
  isJson: boolean;
  cookies: string[];
}

/** Sends the browser to the provider. */
async function leave(provider: SignInProvider, { path, again, isJson, cookies: own }: Leaving): Promise<Response> {
  try {
    const { location, cookies } = await (provider.kind === 'saml' ? startSaml(provider, { path, again }) : startOidc(provider, { path, again }));
    const all = [...cookies, ...own];
    return isJson ? withCookies(json({ url: location }), all) : redirectTo(location, all);
  } catch (error) {
    if (isJson || !isProblem(error, 'identity-provider-unavailable')) throw error;
    log.warn({ provider: provider.id, error: error.cause }, 'the identity provider does not answer');
    return toSignIn('provider-unavailable');
  }
}

async function startOidc(provider: OidcProvider, { path, again }: Pick<Leaving, 'path' | 'again'>): Promise<{ location: string; cookies: string[] }> {
  // next-auth wants a token that its own form would carry; route.ts has proved already that a page of ours asks.
  const token = randomBytes(32).toString('hex');
  const signed = createHash('sha256').update(`${token}${authSecret()}`).digest('hex');
  const cookies = { [signInCookieNames().csrfToken]: `${token}|${signed}` };
  const options = authOptions(provider, await discover(provider.issuer), { circumstances: {}, asksAgain: again });
  const answer = await runNextAuth({ method: 'POST', action: 'signin', providerId: provider.id, query: {}, body: { csrfToken: token, callbackUrl: path }, cookies }, options);
  if (answer.location === null || !answer.cookies.some((line) => line.startsWith(`${signInCookieNames().state}=`))) throw new Error('next-auth did not start the sign-in.');
  return { location: answer.location, cookies: answer.cookies };
}

async function finishSignIn(request: Request, provider: SignInProvider): Promise<Response> {
  if (provider.kind !== 'oidc') throw new Problem('not-found');
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const attempt: SignInAttempt = { circumstances: circumstancesOf(request) };
  try {
    const options = authOptions(provider, await discover(provider.issuer), attempt);
    const answer = await runNextAuth({ method: 'GET', action: 'callback', providerId: provider.id, query: callbackQuery(query), body: {}, cookies: signInCookies(request) }, options);
    return await presentOutcome(attempt, answer, { query, provider: provider.id });
  } catch (error) {
    log.warn({ provider: provider.id, error }, 'a sign-in failed');
    return toSignIn(isProblem(error, 'identity-provider-unavailable') ? 'provider-unavailable' : 'unavailable');
  }
}

/** Only a granted session together with its cookie counts as signed in; whatever else next-auth answers is a refusal. */
async function presentOutcome(attempt: SignInAttempt, answer: NextAuthAnswer, { query, provider }: { query: Record<string, string>; provider: string }): Promise<Response> {
  const { outcome, failure } = attempt;
  if (outcome !== undefined && 'refusal' in outcome) return toSignIn(outcome.refusal);
  if (outcome !== undefined && answer.location !== null && answer.cookies.some((line) => line.startsWith(`${sessionCookieName()}=${outcome.token};`))) {
    return redirectTo(returnPath(answer.location), [...answer.cookies, cookieLine(adminLinkCookieName(), ''), cookieLine(againCookieName(), '')]);
  }
  if (failure instanceof Problem) throw failure;
  const refusal = query['error'] !== undefined ? 'provider-refused' : isOutage(failure) ? 'provider-unavailable' : 'response-invalid';
  await appendWithinReason(signInActor, { event: 'session.refused', outcome: 'refused', details: { reason: refusal, because: whatFailed(failure, query), provider } });
  return toSignIn(refusal);
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

function withCookies(response: Response, cookies: readonly string[]): Response {
  for (const line of cookies) response.headers.append('set-cookie', line);
  return response;
}
