/** Who can read what and why, and changes that take a second admin, as people see them. */
import { randomUUID } from 'node:crypto';
import { expect, test, type Browser, type BrowserContext, type Page } from 'playwright/test';
import { z } from 'zod';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { openDatabase } from '#lib/db/pool.ts';
import { overrideEnv, surroundings } from '#lib/env.ts';
import { expectClean } from './clean.ts';
import { becomeSignedIn, enter } from './sign-in.ts';

const items = z.object({ items: z.array(z.object({ id: z.string(), name: z.string().optional(), title: z.string().optional() })) });
const withId = z.object({ id: z.string() });

async function idOf(page: Page, path: string, name: string): Promise<string> {
  const found = items.parse(await (await page.request.get(path)).json()).items.find((item) => item.name === name || item.title === name);
  return found?.id ?? z.never().parse(`${path} lists no ${name}`);
}

/** A request of the page's person: `await send(page, 'POST /api/groups', { name })`. */
async function send(page: Page, methodAndPath: string, data?: unknown) {
  const [method = '', path = ''] = methodAndPath.split(' ');
  const origin = new URL(page.url()).origin;
  return page.request.fetch(path, { method, headers: { origin, 'sec-fetch-site': 'same-origin', ...(data === undefined ? {} : { 'content-type': 'application/json' }) }, ...(data === undefined ? {} : { data: JSON.stringify(data) }) });
}

/** A second admin, of whom the demo has none, signed in by a session row. */
async function openSecondAdmin(browser: Browser, baseURL: string): Promise<BrowserContext> {
  overrideEnv({ ATTEST_URL: baseURL });
  const database = openDatabase(surroundings()['ATTEST_TEST_DATABASE_URL'] ?? '', 1);
  const [id, token] = [randomUUID(), newSessionToken()];
  await database.insertInto('members').values({ id, email: `${id}@halden.example`, name: 'Otto Berg', role: 'admin' }).execute();
  await database.insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: id, authenticated_at: new Date(), expires_at: new Date(Date.now() + 3_600_000) }).execute();
  await database.destroy();
  const context = await browser.newContext({ baseURL });
  await context.addCookies([{ name: sessionCookieName(), value: token, url: baseURL, httpOnly: true, sameSite: 'Lax' }]);
  return context;
}

const looks = [
  { name: 'light desktop', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark phone', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;

for (const { name: look, ...options } of looks) {
  test(`an admin sees who can read a document and what a person can read, each with why, ${look}`, async ({ browser }) => {
    const page = await (await browser.newContext({ ...options, reducedMotion: 'reduce' })).newPage();
    await becomeSignedIn(page, 'admin');
    const board = await idOf(page, '/api/collections', 'Board');
    const document = z.object({ items: z.array(withId) }).parse(await (await page.request.get(`/api/collections/${board}/documents`)).json()).items[0]?.id ?? '';
    await page.goto(`/library/documents/${document}`);
    await page.getByRole('tab', { name: 'Access' }).click();
    const readers = page.getByRole('region', { name: 'Who can read this, and why' });
    await expect(readers.getByText('Ines Roth')).toBeVisible();
    await expect(readers.getByText(/through the group Board/).first()).toBeVisible();
    await expect(readers.getByText('Mara Kovac')).toHaveCount(0);
    await expectClean(page);
    await readers.getByRole('link', { name: 'Ines Roth' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Ines Roth' })).toBeVisible();
    const readable = page.getByRole('region', { name: /What Ines Roth can read/ });
    await expect(readable.getByRole('link', { name: 'Board', exact: true })).toBeVisible();
    await expect(readable.getByText(/through the group Board/).first()).toBeVisible();
    await expectClean(page);
    await page.goto('/admin/members');
    await page.getByRole('link', { name: 'Mara Kovac' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Mara Kovac' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'Board', exact: true })).toHaveCount(0);
    await page.context().close();
  });
}

test('somebody who may only read a document is told why they may, and not who else', async ({ page }) => {
  await becomeSignedIn(page, 'employee');
  const handbook = await idOf(page, '/api/collections', 'Company handbook');
  const document = z.object({ items: z.array(withId) }).parse(await (await page.request.get(`/api/collections/${handbook}/documents`)).json()).items[0]?.id ?? '';
  await page.goto(`/library/documents/${document}`);
  await page.getByRole('tab', { name: 'Access' }).click();
  await expect(page.getByText('Why you can read it')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Who can read this, and why' })).toHaveCount(0);
});

test('a grant beyond a sensitive group waits until a second admin has looked at who would gain what', async ({ browser, baseURL }) => {
  const page = await (await browser.newContext()).newPage();
  await enter(page, 'admin');
  const suffix = randomUUID().slice(0, 6);
  const name = `Secrets ${suffix}`;
  const group = withId.parse(await (await send(page, 'POST /api/groups', { name: `Keepers ${suffix}` })).json()).id;
  const collection = withId.parse(await (await send(page, 'POST /api/collections', { name })).json()).id;
  await send(page, `POST /api/collections/${collection}/grants`, { to: { kind: 'group', id: group }, permission: 'read' });
  // The mark is set on the page.
  await page.goto('/admin/members');
  await page.getByRole('tab', { name: /Groups/ }).click();
  await page.getByRole('button', { name: `Change group Keepers ${suffix}` }).click();
  await page.getByRole('menuitemcheckbox', { name: /Sensitive/ }).click();
  await expect(page.getByRole('row').filter({ hasText: `Keepers ${suffix}` }).getByText('sensitive')).toBeVisible();
  // One admin alone can only propose.
  await page.goto(`/library/collections/${collection}?tab=access`);
  await expect(page.getByText(/Confined to a sensitive group/)).toBeVisible();
  await expectClean(page);
  await page.getByRole('main').getByRole('button', { name: 'Grant access' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Grant access' });
  await dialog.getByRole('combobox').fill('Mara Kovac');
  await dialog.getByRole('option', { name: /Mara Kovac/ }).first().click();
  await dialog.getByRole('button', { name: 'Grant access' }).click();
  await expect(page.getByText('Proposed: a second admin has to approve it before it counts.')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Mara Kovac' })).toHaveCount(0);
  await page.goto('/admin/approvals');
  const own = page.getByRole('listitem').filter({ hasText: name });
  await expect(own.getByText('Another admin has to approve it.')).toBeVisible();
  await expect(own.getByRole('button', { name: 'Approve' })).toHaveCount(0);
  await expect(own.getByRole('button', { name: 'Withdraw' })).toBeVisible();
  await expectClean(page);
  // The second one sees who would gain what, and approves.
  const context = await openSecondAdmin(browser, baseURL ?? '');
  const second = await context.newPage();
  await second.setViewportSize({ width: 360, height: 740 });
  await second.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await second.goto('/admin/approvals');
  const waiting = second.getByRole('listitem').filter({ hasText: name }).first();
  await expect(waiting.getByRole('heading', { name: `Let Mara Kovac read ${name}` })).toBeVisible();
  await expect(waiting.getByText('Mara Kovac would be able to:')).toBeVisible();
  await expectClean(second);
  await waiting.getByRole('button', { name: 'Approve' }).click();
  await expect(second.getByRole('heading', { name: `Let Mara Kovac read ${name}` })).toHaveCount(0);
  await second.getByRole('tab', { name: 'Decided' }).click();
  await expect(second.getByRole('listitem').filter({ hasText: name }).first().getByText('Approved', { exact: true })).toBeVisible();
  await page.goto(`/library/collections/${collection}?tab=access`);
  await expect(page.getByRole('row').filter({ hasText: 'Mara Kovac' })).toBeVisible();
  await send(page, `DELETE /api/collections/${collection}`);
  await context.close();
});

test('a document is restricted to the grants of its own and opened again', async ({ page }) => {
  await becomeSignedIn(page, 'admin');
  const handbook = await idOf(page, '/api/collections', 'Company handbook');
  const document = z.object({ items: z.array(withId) }).parse(await (await page.request.get(`/api/collections/${handbook}/documents`)).json()).items[0]?.id ?? '';
  await page.goto(`/library/documents/${document}`);
  await page.getByRole('tab', { name: 'Access' }).click();
  const only = page.getByRole('switch', { name: 'Only those to whom this document is granted itself' });
  try {
    await only.click();
    await expect(only).toBeChecked();
    await expect(page.getByText('Nobody can read this document')).toBeVisible();
    await expectClean(page);
    await only.click();
    await expect(only).not.toBeChecked();
    await expect(page.getByRole('region', { name: 'Who can read this, and why' }).getByText('Mara Kovac')).toBeVisible();
  } finally {
    // Whatever happened, the other tests find the document as it was.
    await send(page, `PUT /api/documents/${document}/restriction`, { restricted: false });
  }
});
