/**
 * next-auth for one sign-in. It does the OpenID Connect part: PKCE, state, nonce, the code exchange and the checks of
 * the ID token. Who gets in is decided by admit.ts in one transaction, from inside its `signIn` callback; the adapter
 * below only tells next-auth what was decided, so that it can never link an account or make a session by itself.
 */
import type { AuthOptions } from 'next-auth';
import type { Adapter, AdapterUser } from 'next-auth/adapters';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import type { Client, TokenSet } from 'openid-client';
import { env } from '../env.ts';
import { logger } from '../log.ts';
import { admit, type Admitted, type Refused } from './admit.ts';
import { cookieOptions, sessionCookieName, signInCookieNames } from './cookies.ts';
import type { ProviderMetadata } from './discovery.ts';
import { readIdentity } from './identity.ts';
import { authSecret, type SignInProvider } from './provider.ts';
import { sessionMsMax } from './session.ts';

const log = logger('sign-in');
const providerMsMax = 10_000;
/** How far the provider's clock may be ahead of ours. */
const clockSecondsMax = 60;

/** What happened during one sign-in; next-auth reports failures only as a redirect. */
export interface SignInAttempt {
  /** Session token that the browser carried before. */
  previousToken: string | null;
  outcome?: Admitted | Refused;
  failure?: unknown;
  tokens?: TokenSet;
}

/** Options for one request. `attempt` is filled in while next-auth runs. */
export function authOptions(provider: SignInProvider, metadata: ProviderMetadata, attempt: SignInAttempt): AuthOptions {
  return {
    secret: authSecret(),
    useSecureCookies: env().ATTEST_URL.startsWith('https://'),
    providers: [oauthProvider(provider, metadata, attempt)],
    session: { strategy: 'database', maxAge: sessionMsMax / 1000 },
    cookies: cookies(),
    adapter: adapter(attempt),
    callbacks: {
      signIn: async ({ profile }) => {
        attempt.outcome = await keepFailure(attempt, async () =>
          admit(readIdentity(profile, { provider: provider.id, groupsClaim: provider.groupsClaim, trustsRole: provider.trustsRole }), attempt.previousToken),
        );
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

function oauthProvider(provider: SignInProvider, metadata: ProviderMetadata, attempt: SignInAttempt): OAuthConfig<Record<string, unknown>> {
  return {
    id: provider.id,
    name: provider.name,
    type: 'oauth',
    issuer: metadata.issuer,
    clientId: provider.clientId,
    ...(provider.clientSecret === undefined ? {} : { clientSecret: provider.clientSecret }),
    client: { token_endpoint_auth_method: authMethod(provider, metadata), id_token_signed_response_alg: signingAlgorithm(metadata) },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    jwks_endpoint: metadata.jwks_uri,
    // The demo asks who somebody is each time, so that one can change between its people.
    authorization: { url: metadata.authorization_endpoint, params: { scope: provider.scopes, ...(provider.id === 'demo' ? { prompt: 'login' } : {}) } },
    token: {
      url: metadata.token_endpoint,
      request: async ({ client, params, checks, provider: { callbackUrl } }) => {
        attempt.tokens = await keepFailure(attempt, async () => {
          // RFC 9207: openid-client compares `iss` where there is one; a provider that promises it must not leave it out.
          if (metadata.authorization_response_iss_parameter_supported && params.iss === undefined) throw new Error('iss missing from the response');
          return client.callback(callbackUrl, params, checks);
        });
        return { tokens: attempt.tokens };
      },
    },
    userinfo: {
      ...(metadata.userinfo_endpoint === undefined ? {} : { url: metadata.userinfo_endpoint }),
      request: ({ client }) => keepFailure(attempt, () => readClaims(client, attempt.tokens, metadata)),
    },
    httpOptions: { timeout: providerMsMax },
    profile: (claims) => ({ id: String(claims['sub']) }),
  };
}

/** Claims of the ID token, completed by userinfo where there is one; openid-client refuses one about somebody else. */
async function readClaims(client: Client, tokens: TokenSet | undefined, metadata: ProviderMetadata): Promise<Record<string, unknown> & { sub: string }> {
  if (tokens === undefined) throw new Error('The provider gave no tokens.');
  const claims = tokens.claims();
  // openid-client compares every other time of the token with the clock.
  if (claims.iat > Date.now() / 1000 + clockSecondsMax) throw new Error('id_token issued in the future');
  if (metadata.userinfo_endpoint === undefined || tokens.access_token === undefined) return { ...claims };
  return { ...(await client.userinfo(tokens)), ...claims };
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

function authMethod(provider: SignInProvider, metadata: ProviderMetadata): 'none' | 'client_secret_basic' | 'client_secret_post' {
  if (provider.clientSecret === undefined) return 'none';
  return metadata.token_endpoint_auth_methods_supported.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post';
}

/** Never `none`, and never a shared secret: what the provider says is only followed within public-key signatures. */
function signingAlgorithm(metadata: ProviderMetadata): string {
  const supported = metadata.id_token_signing_alg_values_supported;
  return ['RS256', 'ES256', 'PS256', 'EdDSA', 'RS512', 'ES384', 'ES512', 'PS512'].find((algorithm) => supported.includes(algorithm)) ?? 'RS256';
}

async function keepFailure<Result>(attempt: SignInAttempt, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    attempt.failure = error;
    throw error;
  }
}
