/** The identity providers that the environment sets up: the company's, more of them, or the demo one on loopback. */
import { createHmac } from 'node:crypto';
import { env } from '../env.ts';
import { refuseUnsafeDemo } from './demo/safety.ts';
import { isSafeAddress, oidcSettings, parseProviders } from './provider-settings.ts';
import type { OidcSettings, SamlSettings } from './types.ts';

interface ProviderBase {
  /** Stands in accounts and callback addresses and must never change for an installation. */
  id: string;
  name: string;
  from: 'environment' | 'page';
}

export interface OidcProvider extends ProviderBase, OidcSettings {
  kind: 'oidc';
  clientSecret: string | undefined;
  /** Only our own demo may say which role somebody has. */
  trustsRole: boolean;
}

export interface SamlProvider extends ProviderBase, SamlSettings {
  kind: 'saml';
}

export type SignInProvider = OidcProvider | SamlProvider;

/** Providers of the environment. Throws a sentence when what is set up is incomplete or unsafe. */
export function environmentProviders(): SignInProvider[] {
  const more = parseProviders(env().OIDC_PROVIDERS).map((one): SignInProvider =>
    one.kind === 'saml' ? { ...one, from: 'environment' } : { ...one, clientSecret: one.clientSecret, from: 'environment', trustsRole: false },
  );
  const first = companyProvider() ?? (more.length === 0 ? demoProvider() : null);
  return first === null ? more : [first, ...more];
}

function companyProvider(): OidcProvider | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId } = env();
  if (issuer === undefined) return null;
  if (clientId === undefined) throw new Error('OIDC_ISSUER is set and OIDC_CLIENT_ID is not. Set both.');
  refusePlainHttp(issuer, 'OIDC_ISSUER');
  const settings = oidcSettings.parse({ issuer, clientId, scopes: env().OIDC_SCOPES, groupsClaim: env().OIDC_GROUPS_CLAIM, trustsEmail: env().OIDC_TRUSTS_EMAIL === 'on', logout: env().OIDC_LOGOUT });
  return { ...settings, id: 'company', name: env().OIDC_NAME, kind: 'oidc', from: 'environment', clientSecret: env().OIDC_CLIENT_SECRET, trustsRole: false };
}

function demoProvider(): OidcProvider | null {
  const { DEMO_ISSUER: issuer } = env();
  if (issuer === undefined) return null;
  refuseUnsafeDemo();
  const settings = oidcSettings.parse({ issuer, clientId: demoClientId });
  return { ...settings, id: 'demo', name: 'the demo company', kind: 'oidc', from: 'environment', clientSecret: demoClientSecret(), trustsRole: true };
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
  if (!isSafeAddress(address)) throw new Error(`${name} must be an https address, not ${new URL(address).origin}.`);
}
