/** `npm run e2e:sso`: getting in with real identity providers on this machine, and every way of not getting in, as a person sees it. */
import { createServer } from 'node:http';
import { expect, type Page } from 'playwright/test';
import { z } from 'zod';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { startTestProvider } from '#lib/auth/testing-provider.ts';
import { signedInState } from './sign-in.ts';
import { appUrl, arrives, openWindow, person, press, pressAndStay, signedIn, somebody, test, type Companies } from './sso.ts';

const withId = z.looseObject({ id: z.string() });
const told = (page: Page) => page.getByRole('main');
const nobody = async (page: Page): Promise<void> => {
  await page.goto('/library');
  await expect(page).toHaveURL(/\/sign-in\?from=/);
};

/** A port at which nothing answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('an admin adds a provider, which is tested first, and people sign in with it', async ({ browser, companies }) => {
  await companies.admin('DELETE /api/providers/by-form');
  const provider = await startTestProvider({ appUrl, id: 'by-form' });
  const page = await openWindow(browser, { storageState: await signedInState(browser, 'admin') });
  await page.goto('/admin/sign-in');
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an identity provider' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('By form');
  await expect(dialog.getByRole('textbox', { name: 'Id', exact: true })).toHaveValue('by-form');
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill(`http://127.0.0.1:${await closedPort()}`);
  await dialog.getByRole('textbox', { name: 'Client id' }).fill(provider.clientId);
  await dialog.getByLabel('Client secret').fill(provider.clientSecret);
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status', { name: 'Test of By form' })).toContainText('cannot be reached: nothing answers there');
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill(provider.issuer);
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status', { name: 'Test of By form' })).toContainText(`calls itself ${provider.issuer}`);
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  const list = page.getByRole('list', { name: 'Identity providers' }).getByRole('listitem').filter({ hasText: 'By form' });
  await expect(list).toBeVisible();
  await expect(page.getByText(provider.clientSecret)).toHaveCount(0);
  provider.account = 'paula-form';
  const other = await openWindow(browser);
  await other.goto('/sign-in');
  await other.getByRole('button', { name: 'Continue with By form' }).click();
  await arrives(other, '/ask');
  await expect(person(other, 'paula-form')).toBeVisible();
  await page.reload();
  await expect(list).toContainText('1 person signs in with it');
  await companies.admin('DELETE /api/providers/by-form');
  await provider.stop();
});

test('after signing in a person is on the page that they had asked for', async ({ browser, companies }) => {
  companies.one.account = somebody('deep');
  const page = await openWindow(browser);
  await page.goto('/library?q=travel&tab=documents');
  await expect(page).toHaveURL(/\/sign-in\?from=/);
  await press(page, 'sso-one');
  await arrives(page, '/library?q=travel&tab=documents');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

for (const from of ['https://evil.example/', '//evil.example/ask', '/\\evil.example', '/api/auth/signout', 'javascript:alert(1)']) {
  test(`a link that would lead to ${from} after signing in leads to our own page`, async ({ browser, companies }) => {
    companies.one.account = 'follows-links';
    const page = await openWindow(browser);
    const elsewhere: string[] = [];
    page.on('request', (request) => void (new URL(request.url()).hostname.endsWith('evil.example') && elsewhere.push(request.url())));
    await page.goto(`/sign-in?from=${encodeURIComponent(from)}`);
    await press(page, 'sso-one');
    await arrives(page, '/ask');
    expect(new URL(page.url()).origin).toBe(appUrl);
    expect(elsewhere).toEqual([]);
  });
}

test('the sign-in works without scripts', async ({ browser }) => {
  const page = await openWindow(browser, { javaScriptEnabled: false });
  await page.goto('/sign-in?from=/library');
  // A plain form may lead to https and to the providers of the environment; those of the tests are neither.
  await page.getByRole('button', { name: 'Continue with the demo company' }).click();
  await page.getByRole('button', { name: /Mara Kovac/ }).click();
  await arrives(page, '/library');
  expect((await page.request.get('/api/profile')).status()).toBe(200);
});

test('signing in as somebody else ends the session of whoever was signed in', async ({ browser, companies }) => {
  const [first, second] = [somebody('first'), somebody('second')];
  companies.one.account = second;
  const waiting = await openWindow(browser);
  await waiting.goto('/sign-in');
  const before = await signedIn(browser, companies.two, { id: 'sso-two', account: first });
  await waiting.context().addCookies(await before.context.cookies());
  await press(waiting, 'sso-one');
  await arrives(waiting, '/ask');
  await expect(person(waiting, second)).toBeVisible();
  await before.page.goto('/library');
  await expect(before.page).toHaveURL(/\/sign-in/);
  expect(z.object({ email: z.string() }).parse(await (await waiting.request.get('/api/profile')).json()).email).toBe(`${second}@sso.example`);
});

test('with a sign-in begun in two tabs the later one counts, and the earlier one disturbs nothing', async ({ browser, companies }) => {
  const name = somebody('tabs');
  companies.one.account = name;
  const early = await openWindow(browser);
  await early.goto('/sign-in?from=/library');
  const address = await pressAndStay(early, 'sso-one', companies.one);
  const late = await early.context().newPage();
  await late.goto('/sign-in?from=/keys');
  await press(late, 'sso-one');
  await arrives(late, '/keys');
  // The earlier one comes back from the provider with a state that is not this browser's any more.
  await late.goto(address);
  await arrives(late, '/ask');
  await expect(person(late, name)).toBeVisible();
});

test('the back button after signing in, and the same answer once more, leave a person signed in as they are', async ({ browser, companies }) => {
  const name = somebody('back');
  companies.one.account = name;
  const page = await openWindow(browser);
  await page.goto('/sign-in?from=/library');
  const back = page.waitForRequest(/\/api\/auth\/callback\/sso-one/);
  await press(page, 'sso-one');
  const answer = (await back).url();
  await arrives(page, '/library');
  await page.goBack();
  await page.goto(answer);
  await arrives(page, '/ask');
  await expect(person(page, name)).toBeVisible();
});

test('an answer to a sign-in that this browser does not know any more signs nobody in and says so', async ({ browser, companies }) => {
  companies.one.account = somebody('forgotten');
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  const address = await pressAndStay(page, 'sso-one', companies.one);
  await page.context().clearCookies({ name: /attest-sign-in/ });
  await page.goto(address);
  await expect(told(page).getByText(/This sign-in could not be completed/)).toBeVisible();
  await nobody(page);
});

test('somebody who refuses at the provider is told so, and can try again', async ({ browser, companies }) => {
  companies.one.account = null;
  const page = await openWindow(browser);
  await page.goto('/sign-in?from=/library');
  await press(page, 'sso-one');
  await expect(told(page).getByText('The identity provider did not sign you in.')).toBeVisible();
  companies.one.account = somebody('agrees');
  await press(page, 'sso-one');
  await arrives(page, '/ask');
});

test('a provider that is down is told in place, and the other one still works', async ({ browser, companies }) => {
  const down = await companies.add('sso-down');
  down.lies.dead = /./;
  companies.one.account = somebody('elsewhere');
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-down');
  await expect(page.getByRole('alert').getByText('The identity provider does not answer.')).toBeVisible();
  await press(page, 'sso-one');
  await arrives(page, '/ask');
});

test('a provider that breaks off on the way back is told, and signs nobody in', async ({ browser, companies }) => {
  companies.two.account = somebody('halfway');
  companies.two.lies.dead = /\/token$/;
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-two');
  await expect(told(page).getByText('The identity provider does not answer. Try again shortly.')).toBeVisible();
  await nobody(page);
});

test('an answer that the provider did not sign for us is told, and signs nobody in', async ({ browser, companies }) => {
  companies.two.account = somebody('swapped');
  companies.two.lies = { claims: (honest) => ({ ...honest, aud: 'somebody-else' }) };
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-two');
  await expect(told(page).getByText(/This sign-in could not be completed/)).toBeVisible();
  await nobody(page);
});

test('somebody who was disabled is told so', async ({ browser, companies }) => {
  const account = somebody('left');
  const { page } = await signedIn(browser, companies.one, { id: 'sso-one', account });
  const { id } = withId.parse(await (await page.request.get('/api/profile')).json());
  await companies.admin(`PATCH /api/members/${id}`, { disabled: true });
  await nobody(page);
  await press(page, 'sso-one');
  await expect(told(page).getByText('Your access to Attest has been switched off. Ask your administrator.')).toBeVisible();
});

test('the same address at another provider is not the same member', async ({ browser, companies }) => {
  const [account, same] = [somebody('owner'), somebody('same')];
  await signedIn(browser, companies.one, { id: 'sso-one', account });
  companies.claims.set(same, { email: `${account}@sso.example` });
  companies.two.account = same;
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-two');
  await expect(told(page).getByText('This e-mail address belongs to a member who signs in with another account.')).toBeVisible();
  await nobody(page);
});

test('an address that the provider has not verified is told', async ({ browser, companies }) => {
  const account = somebody('unverified');
  companies.claims.set(account, { email_verified: false });
  companies.one.account = account;
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-one');
  await expect(told(page).getByText('The identity provider has not verified your e-mail address.')).toBeVisible();
});

/** A collection that only a new group may read. */
async function makeCollection({ admin }: Companies): Promise<{ group: string; collection: string; stop: () => Promise<void> }> {
  const [group, collection] = [somebody('Group'), somebody('Papers')];
  const groupId = withId.parse(await (await admin('POST /api/groups', { name: group })).json()).id;
  const { id } = withId.parse(await (await admin('POST /api/collections', { name: collection })).json());
  await admin(`POST /api/collections/${id}/grants`, { to: { kind: 'group', id: groupId }, permission: 'read' });
  return { group, collection, stop: async () => void (await admin(`DELETE /api/collections/${id}`), await admin(`DELETE /api/groups/${groupId}`)) };
}

async function signInAgain(page: Page): Promise<void> {
  await page.context().clearCookies({ name: sessionCookieName() });
  await page.goto('/sign-in?from=/library');
  await press(page, 'sso-one');
  await arrives(page, '/library');
  await expect(page.getByText('Company handbook').first()).toBeVisible();
}

test('the groups that the provider names decide what a person reads from the next sign-in on', async ({ browser, companies }) => {
  const [account, papers] = [somebody('mover'), await makeCollection(companies)];
  companies.claims.set(account, { groups: [papers.group] });
  const { page } = await signedIn(browser, companies.one, { id: 'sso-one', account });
  await page.goto('/library');
  await expect(page.getByText(papers.collection).first()).toBeVisible();
  companies.claims.set(account, { groups: ['Another group'] });
  await signInAgain(page);
  await expect(page.getByText(papers.collection)).toHaveCount(0);
  companies.claims.set(account, { groups: [papers.group] });
  await signInAgain(page);
  await expect(page.getByText(papers.collection).first()).toBeVisible();
  await papers.stop();
});

test('a provider that stops naming groups takes them away', async ({ browser, companies }) => {
  const [account, papers] = [somebody('dropped'), await makeCollection(companies)];
  companies.claims.set(account, { groups: [papers.group] });
  const { page } = await signedIn(browser, companies.one, { id: 'sso-one', account });
  await page.goto('/library');
  await expect(page.getByText(papers.collection).first()).toBeVisible();
  companies.claims.delete(account);
  await signInAgain(page);
  await expect(page.getByText(papers.collection)).toHaveCount(0);
  await papers.stop();
});

test('a link for a first admin makes one admin, once', async ({ browser, companies }) => {
  const token = newSessionToken();
  await companies.database.insertInto('admin_links').values({ token_sha256: hashToken(token), expires_at: new Date(Date.now() + 600_000) }).execute();
  companies.one.account = somebody('founder');
  const page = await openWindow(browser);
  await page.goto(`/sign-in?admin=${token}`);
  await expect(page.getByText('This link makes whoever signs in with it an administrator, once.')).toBeVisible();
  await press(page, 'sso-one');
  await arrives(page, '/ask');
  expect(z.object({ role: z.string() }).parse(await (await page.request.get('/api/profile')).json()).role).toBe('admin');
  const other = await openWindow(browser);
  companies.one.account = somebody('latecomer');
  await other.goto(`/sign-in?admin=${token}`);
  await expect(other.getByText('This link has been used or has expired.')).toBeVisible();
  await press(other, 'sso-one');
  await expect(other).toHaveURL(/error=admin-link-invalid/);
  await expect(other.getByText('This link has been used or has expired.')).toBeVisible();
  await nobody(other);
});
