/** What breaks around the sign-in closes it: at no fault is anybody signed in who was not, or taken for somebody. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { signInActor } from '#lib/actor.ts';
import { checkSignIn } from '#lib/auth/check.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { passProvider, startTestProvider, type TestProvider } from '#lib/auth/testing-provider.ts';
import { openDatabase, useDatabase, closeDatabase } from '#lib/db/pool.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { GET as profile } from '../profile/route.ts';
import { addAuditor, app, countWritten, newAppUrl, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
let database: TestDatabase;
let provider: TestProvider;
let browser: TestBrowser;

before(async () => {
  database = await openTestDatabase();
  await addAuditor();
  provider = await startTestProvider({ appUrl, id: 'company' });
});
after(async () => {
  await provider.stop();
  await database.stop();
});
beforeEach(() => {
  setEnv({});
  provider.lies = {};
  provider.account = `person-${randomUUID()}`;
  browser = testBrowser(appUrl, app);
});

function setEnv(changes: Record<string, string | undefined>): void {
  useEnv({ ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent', OIDC_ISSUER: provider.issuer, OIDC_CLIENT_ID: provider.clientId, OIDC_CLIENT_SECRET: provider.clientSecret, ...changes });
}

const startHere = () => startSignIn(browser, appUrl, { provider: 'company' });
const reachCallback = async () => passProvider(browser, await startHere());

/** Status of a page of the product for this browser; 200 would mean that it is taken for somebody. */
async function enter(): Promise<number> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return (await profile(new Request(`${appUrl}/api/profile`, { headers: { cookie } }), { params: Promise.resolve({}) })).status;
}

async function assertNobody(response: Response, written: Record<string, number>): Promise<void> {
  assert.ok(!response.headers.getSetCookie().some((line) => /attest-session=[^;]/.test(line)), 'no session cookie');
  assert.ok(response.status >= 300, String(response.status));
  assert.notEqual(await enter(), 200);
  assert.deepEqual(await countWritten(), written);
}

/** The database answers nothing until `restore`. */
async function withoutDatabase<Result>(work: () => Promise<Result>): Promise<Result> {
  await closeDatabase();
  useDatabase(openDatabase('postgresql://nobody@127.0.0.1:1/none', 1));
  try {
    return await work();
  } finally {
    await closeDatabase();
    useDatabase(openDatabase(database.url, 5));
  }
}

/** Runs a statement as the owner of the tables, and its opposite afterwards. */
async function withStatement<Result>(statement: string, opposite: string, work: () => Promise<Result>): Promise<Result> {
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(statement);
  try {
    return await work();
  } finally {
    await owner.query(opposite);
    await owner.end();
  }
}

test('without a fault the same steps sign somebody in', async () => {
  const response = await browser.send(await reachCallback());
  assert.equal(response.headers.get('location'), '/');
  assert.equal(await enter(), 200);
});

test('fault 1: the provider is down when a sign-in starts', async () => {
  const gone = await startTestProvider({ appUrl, id: 'company' });
  setEnv({ OIDC_ISSUER: gone.issuer });
  await gone.stop();
  const written = await countWritten();
  await assertNobody(await browser.send('/api/auth/signin/company', { method: 'POST', headers: { origin: appUrl } }), written);
});

test('fault 2: the provider is down when a sign-in ends', async () => {
  const callback = await reachCallback();
  provider.lies = { dead: /./ };
  const written = await countWritten();
  const response = await browser.send(callback);
  assert.equal(response.headers.get('location'), '/sign-in?error=provider-unavailable');
  await assertNobody(response, written);
});

test('fault 3: the database is down when a sign-in ends', async () => {
  const callback = await reachCallback();
  const written = await countWritten();
  const response = await withoutDatabase(() => browser.send(callback));
  assert.equal(response.headers.get('location'), '/sign-in?error=unavailable');
  await assertNobody(response, written);
});

test('fault 4: the database is down when a session is looked up: 503, neither signed in nor anonymous', async () => {
  await browser.send(await reachCallback());
  assert.equal(await withoutDatabase(enter), 503);
  await assert.rejects(withoutDatabase(() => whoIs(browser, appUrl)));
  assert.equal(await enter(), 200, 'and it is the same session afterwards');
});

test('fault 5: AUTH_SECRET is missing when a sign-in ends; the error that next-auth makes of it is no session', async () => {
  const callback = await reachCallback();
  const written = await countWritten();
  setEnv({ AUTH_SECRET: undefined });
  await assertNobody(await browser.send(callback), written);
  assert.throws(checkSignIn, /AUTH_SECRET is not set/);
});

test('fault 6: AUTH_SECRET has changed between the two ends of a sign-in', async () => {
  const callback = await reachCallback();
  const written = await countWritten();
  setEnv({ AUTH_SECRET: 'another secret for tests that is long enough' });
  await assertNobody(await browser.send(callback), written);
});

for (const [number, what, changes, sentence] of [
  [7, 'OIDC_PROVIDERS is not JSON', { OIDC_PROVIDERS: '[{' }, /OIDC_PROVIDERS is not valid JSON\.$/],
  [8, 'OIDC_PROVIDERS lacks a setting', { OIDC_PROVIDERS: '[{"id":"okta","name":"Okta","issuer":"https://okta.example"}]' }, /OIDC_PROVIDERS is wrong at provider 1: clientId is missing\.$/],
  [9, 'the client id is missing', { OIDC_CLIENT_ID: undefined }, /OIDC_CLIENT_ID is not/],
  [10, 'the issuer is an address over plain http', { OIDC_ISSUER: 'http://id.example' }, /must be an https address/],
] as const) {
  test(`fault ${number}: ${what}`, async () => {
    const callback = await reachCallback();
    const written = await countWritten();
    setEnv(changes);
    assert.throws(checkSignIn, sentence);
    await assertNobody(await browser.send(callback), written);
    await assert.rejects(startHere());
  });
}

test('fault 11: the record of a sign-in cannot be written', async () => {
  const callback = await reachCallback();
  const written = await countWritten();
  const response = await withStatement('revoke insert on audit_records from attest_signin', 'grant insert on audit_records to attest_signin', () => browser.send(callback));
  assert.equal(response.headers.get('location'), '/sign-in?error=unavailable');
  await assertNobody(response, written);
});

test('fault 12: a session cannot be written', async () => {
  const callback = await reachCallback();
  const written = await countWritten();
  await assertNobody(await withStatement('revoke insert on sessions from attest_signin', 'grant insert on sessions to attest_signin', () => browser.send(callback)), written);
});

test('fault 13: memberships cannot be written, so the member, account and session of the same moment are not either', async () => {
  await transaction(signInActor, (tx) => tx.insertInto('groups').values({ id: randomUUID(), name: 'Sales' }).execute());
  const callback = await reachCallback();
  const written = await countWritten();
  await assertNobody(await withStatement('revoke insert on memberships from attest_signin', 'grant insert on memberships to attest_signin', () => browser.send(callback)), written);
});

test('fault 14: the table of providers cannot be read, so a provider of the page signs nobody in', async () => {
  setEnv({ OIDC_ISSUER: undefined });
  const written = await countWritten();
  await withStatement('revoke select on providers from attest_signin', 'grant select on providers to attest_signin', async () => {
    const response = await browser.send('/api/auth/signin/okta', { method: 'POST', headers: { origin: appUrl } });
    await assertNobody(response, written);
  });
});

test('fault 15: a session whose row was damaged is nobody’s', async () => {
  await browser.send(await reachCallback());
  assert.equal(await enter(), 200);
  await transaction(signInActor, (tx) => tx.updateTable('sessions').set((of) => ({ token_sha256: of.cast(of.fn('sha256', ['token_sha256']), 'bytea') })).execute());
  assert.equal(await enter(), 401);
});

test('fault 16: the demo sign-in, which asks for no password, does not start beside a real provider or at a public address', () => {
  for (const changes of [{ OIDC_PROVIDERS: '[{"id":"okta","name":"Okta","issuer":"https://okta.example","clientId":"x"}]' }, { ATTEST_URL: 'https://attest.example' }]) {
    setEnv({ OIDC_ISSUER: undefined, DEMO_ISSUER: 'http://127.0.0.1:3803', NODE_ENV: 'production', ...changes });
    if ('ATTEST_URL' in changes) assert.throws(checkSignIn, /has no passwords/);
    else assert.doesNotThrow(checkSignIn);
  }
});
