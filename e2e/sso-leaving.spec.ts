/** How a session ends, in the window that is open: by the person, by the provider, by an admin, by time. */
import fs from 'node:fs';
import path from 'node:path';
import { expect, type Browser, type Page } from 'playwright/test';
import { z } from 'zod';
import { surroundings } from '#lib/env.ts';
import { addModel } from '#lib/models/testing.ts';
import { tinyGenerator } from '#lib/models/testing-gguf.ts';
import { signedInState } from './sign-in.ts';
import { nameOf, openWindow, person, signedIn, somebody, test, type Companies, type Person } from './sso.ts';

const ask = async (page: Page, words: string): Promise<void> => {
  await page.getByRole('textbox', { name: /question/i }).fill(words);
  await page.keyboard.press('Enter');
};
const ended = (page: Page) => page.getByRole('dialog', { name: 'Your sign-in has ended' });

/** The page says that the session is over: at the next question at the latest, earlier where something it was loading was refused already. */
async function hasEnded(page: Page): Promise<void> {
  const box = page.getByRole('textbox', { name: /question/i });
  await expect(async () => {
    if (!(await ended(page).isVisible())) {
      await box.fill('How many weeks of parental leave?', { timeout: 2000 });
      await box.press('Enter', { timeout: 2000 });
    }
    await expect(ended(page)).toBeVisible();
  }).toPass({ timeout: 30_000 });
}

/** The page of questions, open and signed in with the first company. */
async function openAsk(browser: Browser, companies: Companies, account: string): Promise<Person> {
  const opened = await signedIn(browser, companies.one, { id: 'sso-one', account });
  await opened.page.goto('/ask');
  await expect(person(opened.page, account)).toBeVisible();
  return opened;
}

/** Signs out at the provider, in a second tab of the same browser. */
async function leaveThere({ context }: Person, companies: Companies): Promise<void> {
  const there = await context.newPage();
  await there.goto(`${companies.one.issuer}/session/end`);
  await there.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(there.getByText('Signed out.')).toBeVisible();
}

test('signing out leads through the provider and ends both sign-ins', async ({ browser, companies }) => {
  const account = somebody('out');
  const { page } = await openAsk(browser, companies, account);
  await person(page, account).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(page.getByRole('status').getByText('You are signed out.')).toBeVisible();
  await page.goto('/ask');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('signing out at the provider ends the session of a page that is open, and what was typed is kept', async ({ browser, companies }) => {
  const opened = await openAsk(browser, companies, somebody('there'));
  const box = opened.page.getByRole('textbox', { name: /question/i });
  await box.fill('How many weeks of parental leave?');
  await leaveThere(opened, companies);
  await hasEnded(opened.page);
  await opened.page.getByRole('button', { name: 'Not now' }).click();
  await expect(box).toHaveValue('How many weeks of parental leave?');
});

test('signing out at the provider ends an answer that is being written', async ({ browser, companies }) => {
  const folder = surroundings()['ATTEST_TEST_MODELS_DIR'] ?? '';
  const writer = path.join(folder, 'sso-tests.gguf');
  fs.rmSync(writer, { force: true });
  await addModel(folder, path.basename(writer), tinyGenerator({ endless: true, contextTokens: 16_384 }));
  const state = async () => z.looseObject({ roles: z.looseObject({ generator: z.looseObject({ state: z.string() }) }) }).parse(await (await companies.admin('GET /api/models')).json()).roles.generator.state;
  try {
    await expect.poll(state).toBe('ready');
    const opened = await openAsk(browser, companies, somebody('writing'));
    await ask(opened.page, 'How many weeks of parental leave does the primary carer get?');
    await expect(opened.page.getByRole('button', { name: /Stop/ })).toBeVisible();
    await leaveThere(opened, companies);
    await expect(opened.page.getByText('You are not signed in here any more, so this answer was stopped.')).toBeVisible({ timeout: 4000 });
  } finally {
    fs.rmSync(writer, { force: true });
    await expect.poll(state).not.toBe('ready');
  }
});

test('a person sees where they are signed in and ends another session; its window offers to sign in again', async ({ browser, companies }) => {
  const account = somebody('twice');
  const [here, other] = [await openAsk(browser, companies, account), await openAsk(browser, companies, account)];
  await companies.database.updateTable('sessions').set({ device: 'Safari on iPhone' }).where('token_sha256', '=', other.token).execute();
  await here.page.goto('/sessions');
  await expect(here.page.getByRole('list', { name: 'Your sessions' }).getByRole('listitem').filter({ hasText: 'This browser' })).toHaveCount(1);
  await here.page.getByRole('button', { name: 'End the session in Safari on iPhone' }).click();
  await expect(here.page.getByText('Session ended')).toBeVisible();
  await hasEnded(other.page);
});

test('an admin sees who is signed in and signs somebody out everywhere', async ({ browser, companies }) => {
  const account = somebody('everywhere');
  const people = [await signedIn(browser, companies.one, { id: 'sso-one', account }), await signedIn(browser, companies.one, { id: 'sso-one', account })];
  const page = await openWindow(browser, { storageState: await signedInState(browser, 'admin') });
  await page.goto('/admin/sessions');
  await page.getByRole('searchbox', { name: 'Find a member' }).or(page.getByRole('textbox', { name: 'Find a member' })).fill(account);
  await page.getByRole('button', { name: `End all 2 sessions of ${account}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click();
  await expect(page.getByText(`${account} is signed out everywhere`)).toBeVisible();
  for (const one of people) {
    await one.page.goto('/library');
    await expect(one.page).toHaveURL(/\/sign-in/);
  }
});

test('a provider that is switched off signs its people out, and one that is removed leaves the sign-in page', async ({ browser, companies }) => {
  const provider = await companies.add('sso-closing');
  const closing = nameOf('sso-closing');
  const other = await signedIn(browser, provider, { id: 'sso-closing', account: somebody('closing') });
  const page = await openWindow(browser, { storageState: await signedInState(browser, 'admin') });
  await page.goto('/admin/sign-in');
  const item = page.getByRole('list', { name: 'Identity providers' }).getByRole('listitem').filter({ hasText: closing });
  await page.getByRole('button', { name: `Change ${closing}` }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Switch off' }).click();
  await expect(item.getByText('off', { exact: true })).toBeVisible();
  await other.page.goto('/ask');
  await expect(other.page).toHaveURL(/\/sign-in/);
  await expect(other.page.getByRole('button', { name: closing })).toHaveCount(0);
  await page.getByRole('button', { name: `Change ${closing}` }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove provider' }).click();
  await expect(item).toHaveCount(0);
});

test('a page that nobody used for an hour is signed out, however long it stays open', async ({ browser, companies }) => {
  const { page, token } = await openAsk(browser, companies, somebody('idle'));
  await companies.database.updateTable('sessions').set({ last_used_at: new Date(Date.now() - 61 * 60_000) }).where('token_sha256', '=', token).execute();
  await hasEnded(page);
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page).toHaveURL(/\/sign-in\?from=%2Fask/);
});

test('a page is signed out twelve hours after signing in, however busy', async ({ browser, companies }) => {
  const { page, token } = await openAsk(browser, companies, somebody('busy'));
  await companies.database.updateTable('sessions').set({ last_used_at: new Date(), expires_at: new Date(Date.now() - 1000) }).where('token_sha256', '=', token).execute();
  await hasEnded(page);
});
