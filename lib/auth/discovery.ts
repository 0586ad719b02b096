/** What an identity provider publishes about itself (OpenID Connect Discovery 1.0), fetched with limits and checked. */
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { refusePlainHttp } from './provider.ts';

const fetchMsMax = 5000;
const bytesMax = 256 * 1024;
/** Long enough that a sign-in seldom waits for it, short enough that a moved endpoint is found. */
const keptMs = 10 * 60 * 1000;

const metadataSchema = z.object({
  issuer: z.url(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  userinfo_endpoint: z.url().optional(),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
  token_endpoint_auth_methods_supported: z.array(z.string()).default(['client_secret_basic']),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
});
export type ProviderMetadata = z.infer<typeof metadataSchema>;

const kept = new Map<string, { metadata: ProviderMetadata; until: number }>();

/**
 * The provider's metadata. Throws Problem 'identity-provider-unavailable' when it does not answer within 5 s, answers
 * more than 256 KiB or something else, or names another issuer than the one it was asked as.
 */
export async function discover(issuer: string): Promise<ProviderMetadata> {
  const known = kept.get(issuer);
  if (known !== undefined && known.until > Date.now()) return known.metadata;
  try {
    const metadata = metadataSchema.parse(JSON.parse(await fetchText(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)));
    // Some issuers end in a slash that people leave out when they write the variable.
    if (metadata.issuer.replace(/\/$/, '') !== issuer.replace(/\/$/, '')) throw new Error(`The provider calls itself ${metadata.issuer}, not ${issuer}.`);
    for (const endpoint of [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]) refusePlainHttp(endpoint, 'Each endpoint of the provider');
    kept.set(issuer, { metadata, until: Date.now() + keptMs });
    return metadata;
  } catch (error) {
    throw new Problem('identity-provider-unavailable', { cause: error });
  }
}

async function fetchText(address: string): Promise<string> {
  const response = await fetch(address, { signal: AbortSignal.timeout(fetchMsMax), redirect: 'error', headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > bytesMax) throw new Error(`${address} answered more than ${bytesMax} bytes.`);
  }
  return text;
}
