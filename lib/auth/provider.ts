/** The one identity provider of this installation: the company's, else the demo one on loopback, else none. */
import { createHmac } from 'node:crypto';
import { env } from '../env.ts';
import { isLoopback, refuseUnsafeDemo } from './demo/safety.ts';
import type { SignInChoice } from './types.ts';

/** `id` stands in accounts and callback addresses and must never change for an installation. */
export interface SignInProvider {
  id: 'company' | 'demo';
  name: string;
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  scopes: string;
  groupsClaim: string;
  /** Only our own demo may say which role somebody has. */
  trustsRole: boolean;
}

/** The provider, or null when none is set up. Throws a sentence when what is set up is incomplete or unsafe. */
export function signInProvider(): SignInProvider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, DEMO_ISSUER: demoIssuer } = env();
  if (issuer !== undefined) {
    if (clientId === undefined) throw new Error('OIDC_ISSUER is set and OIDC_CLIENT_ID is not. Set both.');
    refusePlainHttp(issuer, 'OIDC_ISSUER');
    return { id: 'company', name: env().OIDC_NAME, issuer, clientId, clientSecret: env().OIDC_CLIENT_SECRET, scopes: env().OIDC_SCOPES, groupsClaim: env().OIDC_GROUPS_CLAIM, trustsRole: false };
  }
  if (demoIssuer === undefined) return null;
  refuseUnsafeDemo();
  return { id: 'demo', name: 'the demo company', issuer: demoIssuer, clientId: demoClientId, clientSecret: demoClientSecret(), scopes: 'openid email profile', groupsClaim: 'groups', trustsRole: true };
}

/** What the sign-in page offers; null when no provider is set up. */
export function signInChoice(): SignInChoice | null {
  const provider = signInProvider();
  return provider === null ? null : { id: provider.id, name: provider.name, demo: provider.id === 'demo' };
}

export const demoClientId = 'attest';

/** Known to the web process and the demo provider alone, without being passed between them. */
export function demoClientSecret(): string {
  return createHmac('sha256', authSecret()).update('client of the demo identity provider').digest('base64url');
}

/** Throws a sentence when it is missing: nobody can sign in then, and nobody is signed in by mistake. */
export function authSecret(): string {
  const secret = env().AUTH_SECRET;
  if (secret === undefined) throw new Error('AUTH_SECRET is not set. `npm start` makes one; elsewhere set 32 random characters or more.');
  return secret;
}

/** Codes and secrets must not cross a network in the clear. */
export function refusePlainHttp(address: string, name: string): void {
  const url = new URL(address);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return;
  throw new Error(`${name} must be an https address, not ${url.origin}.`);
}
