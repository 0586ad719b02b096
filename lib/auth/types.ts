/** Why somebody was not signed in, as the sign-in page says it. */

export const signInRefusals = {
  'provider-missing': 'No identity provider is set up. An operator sets OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.',
  'provider-unavailable': 'The identity provider does not answer. Try again shortly.',
  'provider-refused': 'The identity provider did not sign you in. Try again, or ask your administrator whether you may use Attest.',
  'response-invalid': 'This sign-in could not be completed: it took too long, was opened twice, or its answer did not fit. Start again.',
  'email-missing': 'The identity provider did not say your e-mail address. Ask your administrator to release it to Attest.',
  'email-unusable': 'The identity provider sent an e-mail address that cannot be used. Ask your administrator to correct it.',
  'email-unverified': 'The identity provider has not verified your e-mail address. Verify it there, then sign in again.',
  'email-taken': 'This e-mail address belongs to a member who signs in with another account. Ask your administrator.',
  'member-disabled': 'Your access to Attest has been switched off. Ask your administrator.',
  'unavailable': 'You could not be signed in because the database does not answer. Try again shortly.',
} as const;

/** The value of `?error=` on the sign-in page. */
export type SignInRefusal = keyof typeof signInRefusals;

/** The sentence for a value of `?error=`; null for none or one that we do not know. */
export function signInSentence(error: string | undefined): string | null {
  const known: Readonly<Record<string, string>> = signInRefusals;
  return error !== undefined && Object.hasOwn(known, error) ? (known[error] ?? null) : null;
}

/** What the sign-in page shows. `demo`: anybody on this machine may sign in as anybody, without a password. */
export interface SignInChoice {
  id: string;
  /** What the button calls the provider. */
  name: string;
  demo: boolean;
}
