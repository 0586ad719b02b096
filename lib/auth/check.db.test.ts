/** Before the first request it is known whether anybody can ever sign in, and who becomes the first admin. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { signInActor } from '../actor.ts';
import { openTestDatabase, type TestDatabase } from '../db/testing.ts';
import { transaction } from '../db/transaction.ts';
import { useEnv } from '../env.ts';
import { checkWayIn } from './check.ts';

const variables = { ATTEST_URL: 'https://attest.example', AUTH_SECRET: 'a secret for tests that is long enough', NODE_ENV: 'production', LOG_LEVEL: 'silent' };
const company = { OIDC_ISSUER: 'https://id.example', OIDC_CLIENT_ID: 'attest' };
let database: TestDatabase;

before(async () => {
  database = await openTestDatabase();
});
after(() => database.stop());

async function asOwner(statement: string): Promise<void> {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(statement);
  await owner.end();
}

test('without any provider and without anybody the start ends with a sentence that says what to set', async () => {
  useEnv(variables);
  await assert.rejects(checkWayIn(), /^Error: No identity provider is set up, so nobody could sign in\. Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET for OpenID Connect, or OIDC_PROVIDERS for SAML 2\.0/);
});

test('a provider by variables is enough, and so is one that stands in the database', async () => {
  useEnv({ ...variables, ...company });
  await checkWayIn();
  useEnv(variables);
  await asOwner(`insert into providers (id, kind, name, settings) values ('okta', 'oidc', 'Okta', '{}')`);
  await checkWayIn();
  await asOwner('update providers set enabled = false');
  await assert.rejects(checkWayIn(), /No identity provider is set up/);
});

test('an installation with members starts without a provider, for its programs and open sessions', async () => {
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id: randomUUID(), email: 'a@halden.example', name: 'A', role: 'employee' }).execute());
  useEnv(variables);
  await checkWayIn();
});
