/** What an identity provider publishes about itself (OpenID Connect Discovery 1.0), fetched with limits and checked. */
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { askForJson } from './bounded-fetch.ts';
import { refusePlainHttp } from './provider.ts';

/** Long enough that a sign-in seldom waits for it, short enough that a moved endpoint is found. */
const keptMs = 10 * 60 * 1000;

const metadataSchema = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  end_session_endpoint: z.url().optional(),
  backchannel_logout_supported: z.boolean().default(false),
  claims_supported: z.array(z.string()).default([]),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
});
export type ProviderMetadata = z.infer<typeof metadataSchema>;

// Next bundles a module once per route; what was fetched must still be kept once per process.
const shared: typeof globalThis & { attestProviderMetadata?: Map<string, { metadata: ProviderMetadata; until: number }> } = globalThis;
const kept = (shared.attestProviderMetadata ??= new Map());
/** Providers that are being asked now: however many wait, each is asked once. */
const asking = new Map<string, Promise<ProviderMetadata>>();

/**
 * The provider's metadata. Throws Problem 'identity-provider-unavailable' when it does not answer within 5 s, answers
 * more than 256 KiB or something else, or names another issuer than the one it was asked as.
 */
export async function discover(issuer: string): Promise<ProviderMetadata> {
  const known = kept.get(issuer);
  if (known !== undefined && known.until > Date.now()) return known.metadata;
  const asked = asking.get(issuer) ?? fetchMetadata(issuer).finally(() => asking.delete(issuer));
  asking.set(issuer, asked);
  try {
    const metadata = await asked;
    kept.set(issuer, { metadata, until: Date.now() + keptMs });
    return metadata;
  } catch (error) {
    throw new Problem('identity-provider-unavailable', { cause: error });
  }
}

/** The same, asked now. Throws what went wrong as it is. */
export async function fetchMetadata(issuer: string): Promise<ProviderMetadata> {
  const metadata = metadataSchema.parse(await askForJson(discoveryAddress(issuer)));
  // Some issuers end in a slash that people leave out when they write the variable.
  if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, '')) throw new Error(`The provider calls itself ${metadata.issuer}, not ${issuer}.`);
  const { authorization_endpoint: authorization, token_endpoint: token, jwks_uri: keys, userinfo_endpoint: userinfo, end_session_endpoint: end } = metadata;
  for (const endpoint of [authorization, token, keys, userinfo, end]) if (endpoint !== undefined) refusePlainHttp(endpoint, 'Each endpoint of the provider');
  return metadata;
}

export function discoveryAddress(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
