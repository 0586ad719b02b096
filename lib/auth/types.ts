/** The sign-in as people see it: why somebody was not signed in, what the sign-in page offers, and providers as an admin sees them. */

export const signInRefusals = {
  'provider-missing': 'No identity provider is set up. An operator sets OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or OIDC_PROVIDERS.',
  'provider-unavailable': 'The identity provider does not answer. Try again shortly.',
  'provider-refused': 'The identity provider did not sign you in. Try again, or ask your administrator whether you may use Attest.',
  'response-invalid': 'This sign-in could not be completed: it took too long, was opened twice, or its answer did not fit. Start again.',
  'subject-unusable': 'The identity provider named you in a way that changes with each sign-in. Ask your administrator to have it send a lasting name.',
  'email-missing': 'The identity provider did not say your e-mail address. Ask your administrator to release it to Attest.',
  'email-unusable': 'The identity provider sent an e-mail address that cannot be used. Ask your administrator to correct it.',
  'email-unverified': 'The identity provider has not verified your e-mail address. Verify it there, then sign in again.',
  'email-taken': 'This e-mail address belongs to a member who signs in with another account. Ask your administrator.',
  'another-account': 'You signed in again with another account than the one you use here, so nothing was changed. Sign in with your own.',
  'sign-in-too-old': 'The identity provider did not have you sign in anew, so this does not count as signing in again. Try once more; if it stays so, ask your administrator.',
  'member-disabled': 'Your access to Attest has been switched off. Ask your administrator.',
  'admin-link-invalid': 'This link has been used or has expired. Have a new one printed with npm run admin:link, or sign in without it.',
  'unavailable': 'You could not be signed in because the database does not answer. Try again shortly.',
} as const;

/** The value of `?error=` on the sign-in page. */
export type SignInRefusal = keyof typeof signInRefusals;

/** The sentence for a value of `?error=`; null for none or one that we do not know. */
export function signInSentence(error: string | undefined): string | null {
  const known: Readonly<Record<string, string>> = signInRefusals;
  return error !== undefined && Object.hasOwn(known, error) ? (known[error] ?? null) : null;
}

/** A button of the sign-in page. `demo`: anybody on this machine may sign in as anybody, without a password. */
export interface SignInChoice {
  id: string;
  /** What the button calls the provider. */
  name: string;
  demo: boolean;
}

export const providerKinds = ['oidc', 'saml'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** What an admin sets for a provider that speaks OpenID Connect. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  scopes: string;
  /** Name of the claim, or the way to it: `groups`, `realm_access.roles`. */
  groupsClaim: string;
  /** Whether its addresses count as verified although it does not say so. */
  trustsEmail: boolean;
  /** Whether signing out here signs out there too. */
  logout: 'provider' | 'here';
}

/** What an admin sets for a provider that speaks SAML 2.0. */
export interface SamlSettings {
  /** Its own name (entityID). */
  issuer: string;
  /** Where people are sent to sign in. */
  entryPoint: string;
  /** One or more certificates, PEM. */
  certificate: string;
  /** Ours, as the provider knows us. */
  audience: string;
  emailAttribute: string;
  nameAttribute: string;
  groupsAttribute: string;
  trustsEmail: boolean;
}

interface ProviderRowBase {
  id: string;
  name: string;
  enabled: boolean;
  /** 'environment': set by variables, shown and not changed here. */
  from: 'environment' | 'page';
  hasSecret: boolean;
  /** People who sign in with it. */
  accounts: number;
  revision: number;
  /** What the provider is told about us: where its answers go, and for SAML our metadata. */
  callbackAddress: string;
  logoutAddress: string | null;
}

/** A provider as an admin sees it. A secret is never part of it. */
export type ProviderRow = ProviderRowBase & ({ kind: 'oidc'; settings: OidcSettings } | { kind: 'saml'; settings: SamlSettings });

/** What a test of a provider found, in sentences. */
export interface ProviderTest {
  works: boolean;
  findings: { good: boolean; sentence: string }[];
}

/** Where a provider's server announces that sessions have ended there. */
export function logoutAddress(callbackAddress: string): string {
  return callbackAddress.replace('/api/auth/callback/', '/api/auth/backchannel/');
}
