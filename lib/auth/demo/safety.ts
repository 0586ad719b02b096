/** When the demo identity provider may run at all: it signs anybody in as anybody. */
import { env } from '../../env.ts';

/** True for names and addresses that reach this machine only. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Throws one sentence when the demo sign-in would be reachable or believed from elsewhere: in production at an
 * address other than loopback, or with an issuer that is not on loopback, or beside a real provider.
 */
export function refuseUnsafeDemo(): void {
  const { NODE_ENV: mode, ATTEST_URL: address, DEMO_ISSUER: issuer, OIDC_ISSUER: real, OIDC_PROVIDERS: more } = env();
  if (real !== undefined || more !== undefined) throw new Error(`The demo sign-in does not run beside a real identity provider (${real === undefined ? 'OIDC_PROVIDERS' : 'OIDC_ISSUER'} is set).`);
  if (mode === 'production' && !isLoopback(new URL(address).hostname)) {
    throw new Error(`The demo sign-in has no passwords and does not run at ${address}. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET to use your identity provider, or OIDC_PROVIDERS where it speaks SAML.`);
  }
  if (issuer === undefined || !isLoopback(new URL(issuer).hostname)) throw new Error('DEMO_ISSUER must be an address on this machine, such as http://127.0.0.1:3803.');
}
