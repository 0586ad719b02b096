/** Signing in again: what is most sensitive takes a sign-in of the last ten minutes, of the same person. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Browser, type Page } from 'playwright/test';
import { z } from 'zod';
import { openWindow, press, signedIn, somebody, test, type Companies, type Person } from './sso.ts';

const withId = z.looseObject({ id: z.string() });
const proposals = z.object({ items: z.array(z.looseObject({ id: z.string() })) });

interface Proposed {
  name: string;
  /** Ids of proposals that wait; those of other tests may be among them. */
  waiting: () => Promise<number>;
  stop: () => Promise<void>;
}

/** A grant beyond a sensitive group, proposed by the demo's admin. */
async function propose({ admin }: Companies): Promise<Proposed> {
  const name = somebody('Secrets');
  const group = withId.parse(await (await admin('POST /api/groups', { name: `Keepers of ${name}` })).json()).id;
  const collection = withId.parse(await (await admin('POST /api/collections', { name })).json()).id;
  await admin(`POST /api/collections/${collection}/grants`, { to: { kind: 'group', id: group }, permission: 'read' });
  await admin(`PATCH /api/groups/${group}`, { sensitive: true });
  const everyone = z.object({ items: z.array(z.looseObject({ id: z.string(), name: z.string() })) }).parse(await (await admin('GET /api/members?limit=100')).json());
  const mara = everyone.items.find((member) => member.name === 'Mara Kovac')?.id ?? '';
  expect((await admin(`POST /api/collections/${collection}/grants`, { to: { kind: 'member', id: mara }, permission: 'read' })).status).toBe(202);
  return {
    name,
    waiting: async () => JSON.stringify(proposals.parse(await (await admin('GET /api/proposals?limit=50')).json()).items).split(`"${name}"`).length - 1,
    stop: async () => void (await admin(`DELETE /api/collections/${collection}`)),
  };
}

/** The sign-in of that session was eleven minutes ago, and it belongs to an admin. */
async function makeOldAdmin({ database }: Companies, token: Buffer): Promise<void> {
  const { member_id: id } = await database.selectFrom('sessions').select('member_id').where('token_sha256', '=', token).executeTakeFirstOrThrow();
  await database.updateTable('members').set({ role: 'admin' }).where('id', '=', id).execute();
  await database.updateTable('sessions').set({ authenticated_at: new Date(Date.now() - 11 * 60_000) }).where('token_sha256', '=', token).execute();
}

/** A second admin on the page of approvals who has pressed Approve and is asked to sign in again. */
async function approveTooLate(browser: Browser, companies: Companies, name: string): Promise<Person> {
  const second = await signedIn(browser, companies.one, { id: 'sso-one', account: somebody('second') });
  await makeOldAdmin(companies, second.token);
  await tryToApprove(second.page, name);
  return second;
}

const waitingItem = (page: Page, name: string) => page.getByRole('listitem').filter({ hasText: name }).first();
const asked = (page: Page) => page.getByRole('dialog', { name: 'Sign in again for this' });

async function expectClean(page: Page): Promise<void> {
  await page.waitForTimeout(300); // a dialog fades in, and half-faded words have too little contrast
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), 'scrolls sideways').toBeLessThanOrEqual(0);
}

async function tryToApprove(page: Page, name: string): Promise<void> {
  await page.goto('/admin/approvals');
  await waitingItem(page, name).getByRole('button', { name: 'Approve' }).click();
  await expect(asked(page)).toBeVisible();
}

test('approving takes a new sign-in, which comes back to the page, and then counts', async ({ browser, companies }) => {
  const { name, waiting, stop } = await propose(companies);
  const { page } = await approveTooLate(browser, companies, name);
  expect(await waiting()).toBeGreaterThan(0);
  await asked(page).getByRole('button', { name: 'Sign in again' }).click();
  await expect(asked(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/admin\/approvals$/);
  await waitingItem(page, name).getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Approved; it counts from now on')).toBeVisible();
  expect(await waiting()).toBe(0);
  await stop();
});

test('whoever does not sign in again changes nothing, and declining takes it as well', async ({ browser, companies }) => {
  const { name, waiting, stop } = await propose(companies);
  const { page } = await approveTooLate(browser, companies, name);
  await asked(page).getByRole('button', { name: 'Not now' }).click();
  await waitingItem(page, name).getByRole('button', { name: 'Decline' }).click();
  await expect(asked(page)).toBeVisible();
  expect(await waiting()).toBeGreaterThan(0);
  await stop();
});

test('another account that answers is told apart; the person stays signed in as before and goes back', async ({ browser, companies }) => {
  const { name, waiting, stop } = await propose(companies);
  const { page, context } = await approveTooLate(browser, companies, name);
  await expectClean(page);
  // Signed in as nobody at the provider, so that it takes whoever comes.
  await context.clearCookies({ name: /^provider-/ });
  companies.one.account = somebody('stranger');
  await asked(page).getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByText('You signed in again with another account than the one you use here')).toBeVisible();
  await expect(page.getByText(/You are still signed in as second-/)).toBeVisible();
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectClean(page);
  await page.getByRole('link', { name: 'Go back' }).click();
  await expect(page).toHaveURL(/\/admin\/approvals$/);
  await expect(waitingItem(page, name)).toBeVisible();
  expect(await waiting()).toBeGreaterThan(0);
  await stop();
});

test('signing in again can be given up at the provider, and tried once more', async ({ browser, companies }) => {
  const { name, stop } = await propose(companies);
  const { page } = await approveTooLate(browser, companies, name);
  const { account } = companies.one;
  companies.one.account = null;
  await asked(page).getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByText('The identity provider did not sign you in.')).toBeVisible();
  companies.one.account = account;
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL(/\/admin\/approvals$/);
  await waitingItem(page, name).getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Approved; it counts from now on')).toBeVisible();
  await stop();
});

test('a provider that does not ask anew is told, and does not count', async ({ browser, companies }) => {
  const { name, waiting, stop } = await propose(companies);
  const { page } = await approveTooLate(browser, companies, name);
  companies.one.lies = { claims: (honest) => ({ ...honest, auth_time: Math.floor(Date.now() / 1000) - 3600 }) };
  await asked(page).getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByText('The identity provider did not have you sign in anew')).toBeVisible();
  expect(await waiting()).toBeGreaterThan(0);
  await stop();
});

test('a SAML provider is told to ask anew, and its answer counts', async ({ browser, companies }) => {
  const { name, stop } = await propose(companies);
  companies.papers.says = { nameId: somebody('papers'), authnMinutes: -30 };
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-papers');
  await page.waitForURL(({ pathname }) => pathname === '/ask');
  const { id } = withId.parse(await (await page.request.get('/api/profile')).json());
  await companies.database.updateTable('members').set({ role: 'admin' }).where('id', '=', id).execute();
  await tryToApprove(page, name);
  await asked(page).getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByText('The identity provider did not have you sign in anew')).toBeVisible();
  companies.papers.says = { ...companies.papers.says, authnMinutes: 0 };
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL(/\/admin\/approvals$/);
  await waitingItem(page, name).getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('Approved; it counts from now on')).toBeVisible();
  await stop();
});
