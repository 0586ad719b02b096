/**
 * next-auth for one sign-in. It does the browser's part of OpenID Connect: PKCE, state and nonce, made, kept in sealed
 * cookies that are bound to the provider, and given back; code-exchange.ts speaks with the provider. Who gets in is decided by admit.ts in one transaction, from inside its `signIn` callback; the adapter
 * below only tells next-auth what was decided, so that it can never link an account or make a session by itself.
 */
import type { AuthOptions } from 'next-auth';
import type { Adapter, AdapterUser } from 'next-auth/adapters';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { env } from '../env.ts';
import { logger } from '../log.ts';
import { admit, type Admitted, type Circumstances, type Refused } from './admit.ts';
import { exchangeCode, readClaims, type Exchange, type Tokens } from './code-exchange.ts';
import { cookieOptions, sessionCookieName, signInCookieNames } from './cookies.ts';
import type { ProviderMetadata } from './discovery.ts';
import { readIdentity, type Identity } from './identity.ts';
import { authSecret, type OidcProvider } from './provider.ts';
import { sessionMsMax } from './session.ts';

const log = logger('sign-in');

/** What happened during one sign-in; next-auth reports failures only as a redirect. */
export interface SignInAttempt {
  circumstances: Circumstances;
  /** At the beginning: the provider is to have the person prove anew who they are. */
  asksAgain?: boolean;
  outcome?: Admitted | Refused;
  failure?: unknown;
  tokens?: Tokens;
}

/** Options for one request. `attempt` is filled in while next-auth runs. */
export function authOptions(provider: OidcProvider, metadata: ProviderMetadata, attempt: SignInAttempt): AuthOptions {
  const identityOf = (profile: unknown): Identity => {
    const identity = readIdentity(profile, { ...provider, provider: provider.id });
    // A provider that never says when somebody signed in was at least asked to have them do it now.
    const unsaid = attempt.circumstances.again !== undefined && !metadata.claims_supported.includes('auth_time') && !Object.hasOwn(attempt.tokens?.claims ?? {}, 'auth_time');
    return unsaid ? { ...identity, authenticatedAt: new Date() } : identity;
  };
  return {
    secret: authSecret(),
    useSecureCookies: env().ATTEST_URL.startsWith('https://'),
    providers: [oauthProvider(provider, metadata, attempt)],
    session: { strategy: 'database', maxAge: sessionMsMax() / 1000 },
    cookies: cookies(),
    adapter: adapter(attempt),
    callbacks: {
      signIn: async ({ profile }) => {
        attempt.outcome = await keepFailure(attempt, async () => admit(identityOf(profile), { ...attempt.circumstances, idToken: attempt.tokens?.idToken }));
        return 'token' in attempt.outcome;
      },
    },
    // Metadata of these calls can hold tokens; only the code is logged. What went wrong is in the audit log.
    logger: {
      error: (code) => log.warn({ code }, 'a sign-in failed'),
      warn: (code) => log.warn({ code }, 'next-auth warns'),
      debug: () => undefined,
    },
  };
}

function oauthProvider(provider: OidcProvider, metadata: ProviderMetadata, attempt: SignInAttempt): OAuthConfig<Record<string, unknown>> {
  const exchange: Exchange = { provider, metadata, callbackAddress: callbackAddress(provider.id) };
  return {
    id: provider.id,
    name: provider.name,
    type: 'oauth',
    issuer: metadata.issuer,
    clientId: provider.clientId,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    authorization: { url: metadata.authorization_endpoint, params: { scope: provider.scopes, ...prompting(provider, attempt) } },
    token: {
      url: metadata.token_endpoint,
      request: async ({ params, checks }) => {
        attempt.tokens = await keepFailure(attempt, () => exchangeCode(exchange, { ...params }, checks));
        return { tokens: {} };
      },
    },
    userinfo: {
      request: () => keepFailure(attempt, async () => {
        if (attempt.tokens === undefined) throw new Error('the provider gave no tokens');
        return readClaims(exchange, attempt.tokens);
      }),
    },
    profile: (claims) => ({ id: String(claims['sub']) }),
  };
}

/** The demo asks who somebody is each time, so that one can change between its people. With `max_age` a provider must say when somebody signed in (Core 3.1.2.1). */
function prompting({ id }: OidcProvider, { asksAgain }: SignInAttempt): Record<string, string> {
  if (asksAgain === true) return { prompt: 'login', max_age: '0' };
  return id === 'demo' ? { prompt: 'login' } : {};
}

/** Where the provider sends people back to. Each provider has an address of its own, so that none can answer for another. */
export function callbackAddress(providerId: string): string {
  return `${new URL(env().ATTEST_URL).origin}/api/auth/callback/${providerId}`;
}

/** Answers what next-auth asks its database during a sign-in from what admit.ts has decided and written. */
function adapter(attempt: SignInAttempt): Adapter {
  const admitted = (): Admitted => {
    if (attempt.outcome === undefined || !('token' in attempt.outcome)) throw new Error('next-auth asked for a session that was not granted.');
    return attempt.outcome;
  };
  const user = ({ memberId }: Admitted): AdapterUser => ({ id: memberId, email: '', emailVerified: null });
  return {
    getUserByAccount: () => (attempt.outcome !== undefined && 'token' in attempt.outcome ? user(attempt.outcome) : null),
    createSession: () => ({ sessionToken: admitted().token, userId: admitted().memberId, expires: admitted().expiresAt }),
  };
}

function cookies(): NonNullable<AuthOptions['cookies']> {
  const named = (name: string) => ({ name, options: cookieOptions() });
  const names = signInCookieNames();
  return {
    sessionToken: named(sessionCookieName()),
    state: named(names.state),
    nonce: named(names.nonce),
    pkceCodeVerifier: named(names.pkceCodeVerifier),
    callbackUrl: named(names.callbackUrl),
    csrfToken: named(names.csrfToken),
  };
}

async function keepFailure<Result>(attempt: SignInAttempt, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    attempt.failure = error;
    throw error;
  }
}
