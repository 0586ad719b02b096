/**
 * Verifies what a provider has signed, ID tokens and logout tokens alike: with a key that it publishes now and an
 * algorithm of public keys. Its keys are fetched with limits and kept for a while.
 */
import { createLocalJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { askForJson } from './bounded-fetch.ts';
import type { ProviderMetadata } from './discovery.ts';

/** Never `none`, and never a secret that both sides know: a public key must not pass for one. */
export const algorithms: readonly string[] = ['RS256', 'ES256', 'PS256', 'EdDSA', 'Ed25519', 'RS384', 'ES384', 'PS384', 'RS512', 'ES512', 'PS512'];

/** How far the provider's clock may be from ours. */
export const clockSecondsMax = 60;
const keptMs = 10 * 60 * 1000;
/** A key that is not known is asked for at most this often, so that made-up key ids do not become a flood of requests. */
const askedAgainMs = 10_000;
const keysMax = 100;

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(keysMax) });
/** Kinds of public keys. A shared secret that a provider publishes by mistake would let anybody sign. */
const publicKinds: readonly string[] = ['RSA', 'EC', 'OKP'];

interface Kept {
  find: ReturnType<typeof createLocalJWKSet>;
  atMs: number;
}
const shared: typeof globalThis & { attestProviderKeys?: Map<string, Kept> } = globalThis;
const kept = (shared.attestProviderKeys ??= new Map());

/** Claims of a token that this provider has signed, with the given expectations. Throws what is wrong. */
export async function verifySignature(token: string, metadata: ProviderMetadata, expected: JWTVerifyOptions): Promise<JWTPayload> {
  const allowed = algorithms.filter((algorithm) => metadata.id_token_signing_alg_values_supported.includes(algorithm));
  const options = { ...expected, issuer: metadata.issuer, algorithms: allowed.length === 0 ? ['RS256'] : allowed, clockTolerance: clockSecondsMax };
  const known = kept.get(metadata.jwks_uri);
  const keys = known !== undefined && Date.now() - known.atMs < keptMs ? known : await fetchKeys(metadata.jwks_uri);
  try {
    return await verify(token, keys, options);
  } catch (error) {
    // The provider may have changed its keys since.
    if (!(error instanceof errors.JWKSNoMatchingKey) || Date.now() - keys.atMs < askedAgainMs) throw error;
    return verify(token, await fetchKeys(metadata.jwks_uri), options);
  }
}

/** The claims, with a key that fits. Where several do because the token names none, each is tried. */
async function verify(token: string, keys: Kept, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys.find, options)).payload;
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithEach(token, error, options);
    throw error;
  }
}

async function verifyWithEach(token: string, candidates: errors.JWKSMultipleMatchingKeys, options: JWTVerifyOptions): Promise<JWTPayload> {
  for await (const key of candidates) {
    const verified = await jwtVerify(token, key, options).catch((failure: unknown) => {
      if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
    });
    if (verified !== undefined) return verified.payload;
  }
  throw new errors.JWSSignatureVerificationFailed();
}

/** The keys that the provider publishes. Throws when it does not answer, answers too much, or publishes none of use. */
export async function fetchKeys(address: string): Promise<Kept> {
  const keys = keysSchema.parse(await askForJson(address)).keys.filter(({ kty }) => publicKinds.includes(kty));
  if (keys.length === 0) throw new Error('The provider publishes no key that could be used.');
  const made = { find: createLocalJWKSet({ keys }), atMs: Date.now() };
  kept.set(address, made);
  return made;
}
