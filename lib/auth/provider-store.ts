/**
 * Every identity provider that people can sign in with now: those of the environment and those that admins added and
 * enabled. Read each time, so that switching one off counts with the next click.
 */
import { signInActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { logger } from '../log.ts';
import { oidcSettings, samlSettings } from './provider-settings.ts';
import { environmentProviders, type SignInProvider } from './provider.ts';
import { unseal } from './seal.ts';
import type { SignInChoice } from './types.ts';

const log = logger('sign-in');

/** What the client secret of a provider is sealed for. */
export function secretPurpose(id: string): string {
  return `client secret of provider ${id}`;
}

interface StoredProvider {
  id: string;
  kind: 'oidc' | 'saml';
  name: string;
  settings: unknown;
  secret: Buffer | null;
}

/** The providers, those of the environment first. Throws Problem 'database-unavailable'. */
export async function listProviders(): Promise<SignInProvider[]> {
  const fromEnvironment = environmentProviders();
  const rows = await transaction(signInActor, (tx) =>
    tx.selectFrom('providers').select(['id', 'kind', 'name', 'settings', 'secret']).where('enabled', '=', true).orderBy('name').orderBy('id').execute(),
  );
  const stored = rows.filter((row) => !fromEnvironment.some(({ id }) => id === row.id)).flatMap((row) => readStored(row) ?? []);
  return [...fromEnvironment, ...stored];
}

/** The enabled provider with that id, or undefined. */
export async function findProvider(id: string): Promise<SignInProvider | undefined> {
  return environmentProviders().find((one) => one.id === id) ?? (await listProviders()).find((one) => one.id === id);
}

/** What the sign-in page offers. */
export async function signInChoices(): Promise<SignInChoice[]> {
  return (await listProviders()).map(({ id, name }) => ({ id, name, demo: id === 'demo' }));
}

/** One that cannot be read, because AUTH_SECRET changed or another version wrote it, is left out and named in the log. */
function readStored({ id, kind, name, settings, secret }: StoredProvider): SignInProvider | undefined {
  try {
    if (kind === 'saml') return { ...samlSettings.parse(settings), id, name, kind, from: 'page' };
    const clientSecret = secret === null ? undefined : unseal(secretPurpose(id), secret);
    return { ...oidcSettings.parse(settings), id, name, kind, from: 'page', clientSecret, trustsRole: false };
  } catch (error) {
    log.error({ provider: id, error }, 'the settings of an identity provider cannot be read');
    return undefined;
  }
}
