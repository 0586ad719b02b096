/** A member makes an API key, sees it once, a program uses it, an admin revokes it. */
import { expect, test } from 'playwright/test';
import { becomeSignedIn, enter } from './sign-in.ts';

test('a key is made, copied once, used by a program, seen by an admin and revoked', async ({ page, browser, baseURL }) => {
  const name = `Editor ${Date.now()}`;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page, 'employee');
  await page.getByRole('button', { name: /Mara Kovac/ }).first().click();
  await page.getByRole('link', { name: 'API keys' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();

  await page.getByRole('button', { name: 'New key' }).first().click();
  const form = page.getByRole('dialog', { name: 'New API key' });
  await expect(form.getByRole('button', { name: 'Make key' })).toBeDisabled();
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('checkbox', { name: 'Search' }).click();
  await form.getByRole('combobox', { name: 'Works for' }).click();
  await page.getByRole('option', { name: '7 days' }).click();
  await form.getByRole('button', { name: 'Make key' }).click();

  const once = page.getByRole('dialog', { name: `Your key for ${name}` });
  const key = (await once.getByLabel('The key').textContent()) ?? '';
  expect(key).toMatch(/^attest_[A-Za-z0-9_-]{49}$/);
  await page.keyboard.press('Escape');
  await expect(once).toBeVisible();
  await once.getByRole('button', { name: 'Copy key' }).click();
  await expect(once.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await once.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain(key);

  const item = page.getByRole('list', { name: 'Keys that work' }).getByRole('listitem').filter({ hasText: name });
  await expect(item).toContainText(key.slice(0, 11));
  await expect(item).toContainText('asks');
  await expect(item).not.toContainText('searches');
  await expect(item).toContainText('Never used');

  const headers = { authorization: `Bearer ${key}` };
  const program = await browser.newContext();
  expect((await program.request.get(`${baseURL}/v1/models`, { headers })).status()).toBe(200);
  await page.reload();
  await expect(item).toContainText('Last used just now');

  const adminContext = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }) });
  const admin = await adminContext.newPage();
  await enter(admin, 'admin', '/admin/keys');
  await admin.getByRole('searchbox', { name: 'Find a key or member' }).fill(name);
  const seen = admin.getByRole('list', { name: 'API keys of members' }).getByRole('listitem');
  await expect(seen).toHaveCount(1);
  await expect(seen).toContainText('Mara Kovac');
  expect(await admin.content()).not.toContain(key);
  await admin.getByRole('button', { name: `Revoke ${name} of Mara Kovac` }).click();
  await admin.getByRole('button', { name: 'Revoke key', exact: true }).click();
  await expect(seen).toHaveCount(0);
  await admin.getByText('Keys that no longer work (1)').click();
  await expect(admin.getByRole('list', { name: 'Keys that no longer work' }).getByRole('listitem')).toContainText('revoked');
  expect((await program.request.get(`${baseURL}/v1/models`, { headers })).status()).toBe(401);

  await page.reload();
  await expect(page.getByRole('list', { name: 'Keys that work' }).getByRole('listitem').filter({ hasText: name })).toHaveCount(0);
  await page.getByText(/Keys that no longer work/).click();
  await expect(page.getByRole('list', { name: 'Keys that no longer work' }).getByRole('listitem').filter({ hasText: name })).toContainText('revoked');
  await Promise.all([program.close(), adminContext.close()]);
});

test('nobody but an admin sees the keys of others', async ({ page }) => {
  await becomeSignedIn(page, 'employee');
  expect((await page.goto('/admin/keys'))?.status()).toBe(403);
  expect((await page.request.get('/api/member-keys')).status()).toBe(403);
});
