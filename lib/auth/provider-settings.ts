/** What may be set for an identity provider, by the environment or by an admin: shapes, defaults and what is refused. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { env } from '../env.ts';
import { isLoopback } from './demo/safety.ts';

/** Stands in accounts and addresses and means one provider for ever. */
export const providerId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and hyphens, begin with a letter and have at most 40 characters');

/** Ids that other parts of the product give away. */
export const reservedProviderIds: readonly string[] = ['company', 'demo'];

const line = (charactersMax: number) => z.string().trim().min(1, 'is missing').max(charactersMax, `is longer than ${charactersMax} characters`).regex(/^[^\p{C}]*$/u, 'holds characters that are not text');
export const providerName = line(60);
export const providerSecret = line(2000);

/** Codes, secrets and assertions must not cross a network in the clear. */
export const safeAddress = z.url('is not an address').max(2000).refine(isSafeAddress, 'must be an https address');

/** True for https, and for http that does not leave this machine. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

export const oidcSettings = z.strictObject({
  issuer: safeAddress,
  clientId: line(500),
  scopes: line(500).refine((scopes) => scopes.split(/\s+/).includes('openid'), 'must hold openid').default('openid email profile'),
  groupsClaim: line(200).default('groups'),
  trustsEmail: z.boolean().default(false),
  logout: z.enum(['provider', 'here']).default('provider'),
});

export const samlSettings = z.strictObject({
  issuer: line(1000),
  entryPoint: safeAddress,
  certificate: z.string().max(20_000).transform((text, context) => {
    const certificates = readCertificates(text);
    if (certificates !== null) return certificates.join('\n');
    context.addIssue({ code: 'custom', message: 'is not a certificate in PEM or base64' });
    return z.NEVER;
  }),
  audience: line(1000).optional().transform((given) => given ?? env().ATTEST_URL),
  emailAttribute: line(200).default('email'),
  nameAttribute: line(200).default('name'),
  groupsAttribute: line(200).default('groups'),
  trustsEmail: z.boolean().default(false),
});

/** The certificates in `text` as PEM; null when there is none or one of them is none. */
function readCertificates(text: string): string[] | null {
  const bodies = [...text.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]*?)-----END CERTIFICATE-----/g)].map((match) => match[1] ?? '');
  const found = bodies.length > 0 ? bodies : [text];
  try {
    return found.map((body) => new X509Certificate(Buffer.from(body.replace(/\s+/g, ''), 'base64')).toString().trim());
  } catch {
    return null;
  }
}

const named = { id: providerId, name: providerName };
const environmentOidc = oidcSettings.extend({ ...named, kind: z.literal('oidc').default('oidc'), clientSecret: providerSecret.optional() });
const environmentSaml = samlSettings.extend({ ...named, kind: z.literal('saml') });
export type EnvironmentProvider = z.infer<typeof environmentOidc> | z.infer<typeof environmentSaml>;

/** The providers of OIDC_PROVIDERS. Throws one sentence that names the first thing that is wrong. */
export function parseProviders(text: string | undefined): EnvironmentProvider[] {
  if (text === undefined) return [];
  const wrong = (what: string) => new Error(`OIDC_PROVIDERS ${what}.`);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw new Error('OIDC_PROVIDERS is not valid JSON.', { cause: error });
  }
  if (!Array.isArray(given)) throw wrong('must be a JSON array of providers');
  const providers = given.map((one: unknown, index): EnvironmentProvider => {
    const saml = typeof one === 'object' && one !== null && 'kind' in one && one.kind === 'saml';
    const result = (saml ? environmentSaml : environmentOidc).safeParse(one);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')} `;
    throw wrong(`is wrong at provider ${index + 1}: ${where}${wordsFor(issue)}`);
  });
  const ids = providers.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw wrong(`names the provider "${twice}" twice`);
  const reserved = ids.find((id) => reservedProviderIds.includes(id));
  if (reserved !== undefined) throw wrong(`may not call a provider "${reserved}"; choose another id`);
  return providers;
}

function wordsFor(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'cannot be used';
  if (issue.code === 'unrecognized_keys') return `has an unknown setting "${issue.keys[0] ?? ''}"`;
  if (issue.code === 'invalid_type' && issue.message.includes('undefined')) return 'is missing';
  return issue.message.replace(/\.$/, '');
}
