/**
 * From the provider's answer to claims about a person: the code is exchanged for tokens, the ID token is verified, and
 * userinfo completes it. Each request has limits (bounded-fetch.ts), which the client library inside next-auth has not.
 * State, nonce and PKCE verifier come from next-auth, which keeps them in the browser, sealed and bound to the provider.
 */
import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { askForJson, askProvider, OutageError } from './bounded-fetch.ts';
import type { ProviderMetadata } from './discovery.ts';
import type { OidcProvider } from './provider.ts';
import { clockSecondsMax, verifySignature } from './signature.ts';

/** What next-auth remembers of the beginning. */
export interface Checks {
  state?: string | undefined;
  nonce?: string | undefined;
  code_verifier?: string | undefined;
}

export interface Exchange {
  provider: OidcProvider;
  metadata: ProviderMetadata;
  callbackAddress: string;
}

export interface Tokens {
  idToken: string;
  accessToken: string | undefined;
  claims: JWTPayload & { sub: string };
}

const tokenAnswer = z.looseObject({ id_token: z.string().min(1), access_token: z.string().min(1).optional() });
const errorAnswer = z.looseObject({ error: z.string() });
const person = z.looseObject({ sub: z.string().min(1) });

/** Checks the answer and exchanges its code. Throws what is wrong, in words that hold no code, state or token. */
export async function exchangeCode(exchange: Exchange, answer: Readonly<Record<string, unknown>>, checks: Checks): Promise<Tokens> {
  const { metadata } = exchange;
  if (checks.state === undefined || checks.nonce === undefined || checks.code_verifier === undefined) throw new Error('no sign-in was under way in this browser');
  if (answer['state'] === undefined) throw new Error('state missing from the response');
  if (answer['state'] !== checks.state) throw new Error('state mismatch');
  // RFC 9207. A provider that promises to name itself must not leave it out.
  if (answer['iss'] === undefined && metadata.authorization_response_iss_parameter_supported) throw new Error('iss missing from the response');
  if (answer['iss'] !== undefined && answer['iss'] !== metadata.issuer) throw new Error('iss mismatch');
  if (typeof answer['code'] !== 'string' || answer['code'] === '') throw new Error('code missing from the response');
  const tokens = await requestTokens(exchange, answer['code'], checks.code_verifier);
  const claims = await verifyIdToken(exchange, tokens.id_token, checks.nonce);
  checkAccessTokenHash(claims, tokens.access_token);
  return { idToken: tokens.id_token, accessToken: tokens.access_token, claims };
}

async function requestTokens({ provider, metadata, callbackAddress }: Exchange, code: string, verifier: string): Promise<z.infer<typeof tokenAnswer>> {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callbackAddress, code_verifier: verifier });
  const headers: Record<string, string> = {};
  if (provider.clientSecret === undefined) body.set('client_id', provider.clientId);
  else if (metadata.token_endpoint_auth_methods_supported.includes('client_secret_basic')) {
    headers['authorization'] = `Basic ${Buffer.from(`${formEncode(provider.clientId)}:${formEncode(provider.clientSecret)}`).toString('base64')}`;
  } else {
    body.set('client_id', provider.clientId);
    body.set('client_secret', provider.clientSecret);
  }
  const { status, text } = await askProvider(metadata.token_endpoint, { method: 'POST', headers, body });
  if (status !== 200) {
    const told = errorAnswer.safeParse(readJson(text));
    throw new OutageError(told.success ? `the provider answered ${told.data.error.replace(/[^a-z_]/g, '').slice(0, 60)} for the code` : `the provider answered ${status} for the code`, status);
  }
  const tokens = tokenAnswer.safeParse(readJson(text));
  if (!tokens.success) throw new Error('id_token missing from the answer', { cause: tokens.error });
  return tokens.data;
}

/** OpenID Connect Core 3.1.3.7. */
async function verifyIdToken({ provider, metadata }: Exchange, token: string, nonce: string): Promise<Tokens['claims']> {
  const claims = await verifySignature(token, metadata, { audience: provider.clientId, requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp', 'nonce'] });
  if (typeof claims.sub !== 'string' || claims.sub === '') throw new Error('id_token names nobody');
  if (claims['nonce'] !== nonce) throw new Error('nonce mismatch');
  if (Array.isArray(claims.aud) && claims.aud.length > 1 && claims['azp'] === undefined) throw new Error('azp missing from an id_token for several clients');
  if (claims['azp'] !== undefined && claims['azp'] !== provider.clientId) throw new Error('azp mismatch');
  if (Number(claims.iat) > Date.now() / 1000 + clockSecondsMax) throw new Error('id_token issued in the future');
  return { ...claims, sub: claims.sub };
}

/** Where the ID token says what the access token is, another one must not be used with it. */
function checkAccessTokenHash(claims: JWTPayload, accessToken: string | undefined): void {
  const expected = claims['at_hash'];
  if (expected === undefined || accessToken === undefined) return;
  const fits = ['sha256', 'sha384', 'sha512'].some((name) => {
    const digest = createHash(name).update(accessToken, 'ascii').digest();
    return digest.subarray(0, digest.length / 2).toString('base64url') === expected;
  });
  if (!fits) throw new Error('at_hash mismatch');
}

/** Claims of the ID token, completed by userinfo where there is one. What the signed token says counts, and it alone says when the person signed in. */
export async function readClaims({ metadata }: Exchange, { claims, accessToken }: Tokens): Promise<JWTPayload & { sub: string }> {
  if (metadata.userinfo_endpoint === undefined || accessToken === undefined) return claims;
  const { auth_time: _, ...told } = person.parse(await askForJson(metadata.userinfo_endpoint, { authorization: `Bearer ${accessToken}` }));
  if (told.sub !== claims.sub) throw new Error('userinfo is about somebody else');
  return { ...told, ...claims };
}

/** RFC 6749 section 2.3.1: both halves are form-encoded before they are joined. */
function formEncode(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
