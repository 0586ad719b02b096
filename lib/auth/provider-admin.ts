/**
 * Identity providers as admins keep them: list, add, change, remove. Each change is recorded with what it was before.
 * A secret goes in, sealed, and never comes out. The issuer of a provider stays what it was: accounts belong to it.
 */
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { isDuplicate, transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { callbackAddress } from './options.ts';
import { oidcSettings, providerId, providerName, providerSecret, reservedProviderIds, samlSettings } from './provider-settings.ts';
import { secretPurpose } from './provider-store.ts';
import { environmentProviders, type SignInProvider } from './provider.ts';
import { assertionAddress } from './saml.ts';
import { seal } from './seal.ts';
import { logoutAddress, type OidcSettings, type ProviderRow, type SamlSettings } from './types.ts';

const secret = providerSecret.nullable().optional();
const common = { id: providerId, name: providerName, enabled: z.boolean().default(true) };
export const newProvider = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('oidc'), settings: oidcSettings, secret }),
  z.strictObject({ ...common, kind: z.literal('saml'), settings: samlSettings }),
]);
export type NewProvider = z.infer<typeof newProvider>;

/** `secret`: unset keeps it, null removes it. `settings` replaces all of them. */
export const providerChange = z.strictObject({
  revision: z.number().int(),
  name: providerName.optional(),
  enabled: z.boolean().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  secret,
});
export type ProviderChange = z.infer<typeof providerChange>;

interface Row {
  id: string;
  kind: 'oidc' | 'saml';
  name: string;
  settings: unknown;
  has_secret: boolean;
  enabled: boolean;
  revision: number;
}
const columns = ['id', 'kind', 'name', 'settings', 'has_secret', 'enabled', 'revision'] as const;

/** All providers, those of the environment first. */
export async function listProviderRows(actor: MemberActor): Promise<ProviderRow[]> {
  const { rows, accounts } = await transaction(actor, async (tx) => ({
    rows: await tx.selectFrom('providers').select(columns).orderBy('name').orderBy('id').execute(),
    accounts: await tx.selectFrom('accounts').select((of) => ['provider', of.fn.countAll<number>().as('count')]).groupBy('provider').execute(),
  }));
  const count = (id: string) => Number(accounts.find((one) => one.provider === id)?.count ?? 0);
  const given = environmentProviders();
  return [...given.map((one) => ({ ...rowOfEnvironment(one), accounts: count(one.id) })), ...rows.map((row) => ({ ...present(row), accounts: count(row.id) }))];
}

/** Adds a provider. Throws Problem 'already-exists' for an id that is taken, also by the environment. */
export async function addProvider(actor: MemberActor, given: NewProvider): Promise<ProviderRow> {
  const { id, kind, name, enabled, settings } = given;
  if (reservedProviderIds.includes(id) || environmentProviders().some((one) => one.id === id)) throw taken(id);
  const clientSecret = given.kind === 'oidc' ? (given.secret ?? null) : null;
  try {
    return await transaction(actor, async (tx) => {
      await tx
        .insertInto('providers')
        .values({ id, kind, name, enabled, settings: JSON.stringify(settings), secret: clientSecret === null ? null : seal(secretPurpose(id), clientSecret), has_secret: clientSecret !== null })
        .execute();
      await appendRecord(tx, actor, { event: 'provider.added', subject: { kind: 'setting', id, name }, details: { kind, enabled, settings, secret: clientSecret !== null } });
      return present(await read(tx, id));
    });
  } catch (error) {
    throw isDuplicate(error) ? taken(id) : error;
  }
}

/** Changes a provider. Switching it off ends the sessions that began with it. Throws Problem 'not-found', 'edit-conflict' or 'invalid-input'. */
export async function changeProvider(actor: MemberActor, id: string, change: ProviderChange): Promise<ProviderRow> {
  return transaction(actor, async (tx) => {
    const before = await read(tx, id);
    const settings = change.settings === undefined ? readSettings(before.kind, before.settings) : readSettings(before.kind, change.settings);
    if (settings.issuer !== readSettings(before.kind, before.settings).issuer) {
      throw new Problem('invalid-input', { detail: 'The issuer of a provider cannot be changed, because people’s accounts belong to it. Add another provider, then remove this one.' });
    }
    const after = { name: change.name ?? before.name, enabled: change.enabled ?? before.enabled, settings };
    const updated = await tx
      .updateTable('providers')
      .set((of) => ({ name: after.name, enabled: after.enabled, settings: JSON.stringify(settings), changed_at: new Date(), revision: of('revision', '+', 1), ...sealedSecret(id, change.secret) }))
      .where('id', '=', id)
      .where('revision', '=', change.revision)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) throw new Problem('edit-conflict');
    const sessionsEnded = after.enabled ? 0 : await endSessions(tx, id);
    const told = { name: before.name, enabled: before.enabled, settings: before.settings };
    await appendRecord(tx, actor, { event: 'provider.changed', subject: { kind: 'setting', id, name: after.name }, details: { before: told, after, secretChanged: change.secret !== undefined, sessionsEnded } });
    return present(await read(tx, id));
  });
}

/** Removes a provider, its accounts and the sessions that began with it. Its members stay. Throws Problem 'not-found'. */
export async function removeProvider(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const { kind, name, settings } = await read(tx, id);
    await tx.deleteFrom('providers').where('id', '=', id).execute();
    const sessionsEnded = await endSessions(tx, id);
    const accounts = await tx.deleteFrom('accounts').where('provider', '=', id).executeTakeFirst();
    await appendRecord(tx, actor, { event: 'provider.removed', subject: { kind: 'setting', id, name }, details: { kind, settings, sessionsEnded, accountsRemoved: Number(accounts.numDeletedRows) } });
  });
}

async function endSessions(tx: Tx, provider: string): Promise<number> {
  return Number((await tx.deleteFrom('sessions').where('provider', '=', provider).executeTakeFirst()).numDeletedRows);
}

function sealedSecret(id: string, given: string | null | undefined): { secret?: Buffer | null; has_secret?: boolean } {
  if (given === undefined) return {};
  return { secret: given === null ? null : seal(secretPurpose(id), given), has_secret: given !== null };
}

async function read(tx: Tx, id: string): Promise<Row> {
  const row = await tx.selectFrom('providers').select(columns).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Problem('not-found');
  return row;
}

function readSettings(kind: Row['kind'], given: unknown): OidcSettings | SamlSettings {
  const result = (kind === 'oidc' ? oidcSettings : samlSettings).safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Problem('invalid-input', { detail: `settings.${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be used'}.`, cause: result.error });
}

function present(row: Row): ProviderRow {
  const { id, kind, name, enabled, revision } = row;
  const common = { id, name, enabled, revision, from: 'page', hasSecret: row.has_secret, accounts: 0 } as const;
  if (kind === 'saml') return { ...common, kind, settings: samlSettings.parse(row.settings), callbackAddress: assertionAddress(id), logoutAddress: null };
  return { ...common, kind, settings: oidcSettings.parse(row.settings), callbackAddress: callbackAddress(id), logoutAddress: logoutAddress(callbackAddress(id)) };
}

function rowOfEnvironment(provider: SignInProvider): ProviderRow {
  const { id, name } = provider;
  const common = { id, name, enabled: true, revision: 0, from: 'environment', accounts: 0 } as const;
  if (provider.kind === 'saml') {
    const { issuer, entryPoint, certificate, audience, emailAttribute, nameAttribute, groupsAttribute, trustsEmail } = provider;
    return { ...common, kind: 'saml', hasSecret: false, callbackAddress: assertionAddress(id), logoutAddress: null, settings: { issuer, entryPoint, certificate, audience, emailAttribute, nameAttribute, groupsAttribute, trustsEmail } };
  }
  const { issuer, clientId, scopes, groupsClaim, trustsEmail, logout } = provider;
  return { ...common, kind: 'oidc', hasSecret: provider.clientSecret !== undefined, callbackAddress: callbackAddress(id), logoutAddress: logoutAddress(callbackAddress(id)), settings: { issuer, clientId, scopes, groupsClaim, trustsEmail, logout } };
}

function taken(id: string): Problem {
  return new Problem('already-exists', { detail: `There is a provider called "${id}" already. Choose another id.` });
}
