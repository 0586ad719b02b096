/** Tries a provider's settings before anybody depends on them, and says in words what is wrong. It signs nobody in. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { OutageError } from './bounded-fetch.ts';
import { discoveryAddress, fetchMetadata, type ProviderMetadata } from './discovery.ts';
import { oidcSettings, samlSettings } from './provider-settings.ts';
import { algorithms, fetchKeys } from './signature.ts';
import type { OidcSettings, ProviderTest, SamlSettings } from './types.ts';

export const providerToTest = z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('oidc'), settings: oidcSettings }), z.strictObject({ kind: z.literal('saml'), settings: samlSettings })]);
export type ProviderToTest = z.infer<typeof providerToTest>;

type Finding = ProviderTest['findings'][number];
const good = (sentence: string): Finding => ({ good: true, sentence });
const bad = (sentence: string): Finding => ({ good: false, sentence });
const soonMs = 30 * 24 * 60 * 60 * 1000;

/** What works and what does not. */
export async function testProvider(provider: ProviderToTest): Promise<ProviderTest> {
  const findings = provider.kind === 'oidc' ? await testOidc(provider.settings) : testSaml(provider.settings);
  return { works: findings.every((finding) => finding.good), findings };
}

async function testOidc(settings: OidcSettings): Promise<Finding[]> {
  let metadata: ProviderMetadata;
  try {
    metadata = await fetchMetadata(settings.issuer);
  } catch (error) {
    return [bad(`${sayWhy(error)} It was asked at ${discoveryAddress(settings.issuer)}.`)];
  }
  return [good(`The provider answers and calls itself ${metadata.issuer}.`), await testKeys(metadata), ...testAbilities(settings, metadata)];
}

async function testKeys(metadata: ProviderMetadata): Promise<Finding> {
  try {
    await fetchKeys(metadata.jwks_uri);
    return good('It publishes the keys that it signs with.');
  } catch (error) {
    return bad(`Its keys cannot be read at ${metadata.jwks_uri}. ${sayWhy(error)}`);
  }
}

function testAbilities(settings: OidcSettings, metadata: ProviderMetadata): Finding[] {
  const signs = metadata.id_token_signing_alg_values_supported.filter((one) => algorithms.includes(one));
  const logsOut = metadata.end_session_endpoint !== undefined;
  return [
    signs.length > 0 ? good(`It signs with ${signs[0]}.`) : bad('It signs with no algorithm that Attest takes (RS256, ES256, PS256, EdDSA).'),
    settings.logout === 'here' ? good('Signing out ends the session here alone.') : good(logsOut ? 'Signing out here signs out there too.' : 'It offers no sign-out, so signing out ends the session here alone.'),
    good(metadata.backchannel_logout_supported ? 'It can announce that somebody has signed out there.' : 'It does not say that it announces when somebody signs out there.'),
  ];
}

function testSaml(settings: SamlSettings): Finding[] {
  const certificates = settings.certificate.split(/(?<=-----END CERTIFICATE-----)\s+/).map((text) => new X509Certificate(text));
  const now = Date.now();
  const findings = certificates.map((certificate) => {
    const until = new Date(certificate.validTo);
    const day = until.toISOString().slice(0, 10);
    if (until.getTime() < now) return bad(`A certificate expired on ${day}. Load the provider’s current one.`);
    if (certificate.publicKey.asymmetricKeyType !== 'rsa') return bad('A certificate does not hold an RSA key. Attest takes RSA signatures only.');
    return good(`A certificate is good until ${day}${until.getTime() - now < soonMs ? '; load the next one soon' : ''}.`);
  });
  return [...findings, good(`People are sent to ${settings.entryPoint}. Nothing is asked of it beforehand, so the first sign-in is the test.`)];
}

function sayWhy(error: unknown): string {
  if (error instanceof OutageError) return error.status === 404 ? 'There is no such provider at that address (404).' : `The provider answered ${error.status}.`;
  if (error instanceof z.ZodError) return `What it publishes lacks something or is of the wrong kind: ${error.issues[0]?.path.join('.') ?? 'unknown'}.`;
  if (error instanceof SyntaxError) return 'What it publishes is not JSON, so this is probably not the issuer’s address.';
  if (error instanceof Error && error.name === 'TimeoutError') return 'The provider did not answer within 5 seconds.';
  if (error instanceof TypeError) return `The provider cannot be reached${causeOf(error)}.`;
  return error instanceof Error ? error.message : 'Something went wrong.';
}

function causeOf(error: TypeError): string {
  const { cause } = error;
  if (cause instanceof Error && /redirect/.test(cause.message)) return ': it sends us elsewhere';
  if (cause instanceof Error && cause.message === 'bad port') return ': that port is not for web pages';
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  const words: Record<string, string> = { ENOTFOUND: ': there is no host of that name', ECONNREFUSED: ': nothing answers there', CERT_HAS_EXPIRED: ': its certificate has expired' };
  return words[String(cause.code)] ?? ` (${String(cause.code)})`;
}
