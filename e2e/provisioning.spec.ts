/** An admin makes a provisioning client, sees its token once, a directory uses it, and the admin revokes it. */
import { expect, test } from 'playwright/test';
import { becomeSignedIn, enter } from './sign-in.ts';

test('a client is made, its token copied once and used by a directory, and revoked', async ({ page, browser, baseURL }) => {
  const name = `Directory ${Date.now()}`;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await enter(page, 'admin', '/admin/members');
  await page.getByRole('link', { name: 'Provisioning' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Provisioning' })).toBeVisible();
  await expect(page.getByText(`${baseURL}/api/scim/v2`).first()).toBeVisible();

  await page.getByRole('button', { name: 'New client' }).first().click();
  const form = page.getByRole('dialog', { name: 'New provisioning client' });
  await expect(form.getByRole('button', { name: 'Make client' })).toBeDisabled();
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await form.getByRole('combobox', { name: 'Works for' }).click();
  await page.getByRole('option', { name: '90 days' }).click();
  await form.getByRole('textbox', { name: /Role that makes an admin/ }).fill('Attest.Admin');
  await form.getByRole('button', { name: 'Make client' }).click();

  const once = page.getByRole('dialog', { name: `Token for ${name}` });
  const token = (await once.locator('code').first().textContent()) ?? '';
  expect(token).toMatch(/^attest_scim_[A-Za-z0-9_-]{43}$/);
  await page.keyboard.press('Escape');
  await expect(once).toBeVisible();
  await once.getByRole('button', { name: 'Copy the token' }).click();
  await expect(once.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(token);
  await once.getByRole('button', { name: 'Done' }).click();
  expect(await page.content()).not.toContain(token);

  const item = page.getByRole('list', { name: 'Clients', exact: true }).getByRole('listitem').filter({ hasText: name });
  await expect(item).toContainText('Never used');
  await expect(item).toContainText('The role “Attest.Admin” makes an admin');

  const directory = await browser.newContext();
  const ask = () => directory.request.get(`${baseURL}/api/scim/v2/Users?count=1`, { headers: { authorization: `Bearer ${token}` } });
  expect((await ask()).status()).toBe(200);
  await page.reload();
  await expect(item).toContainText('Last used just now');

  await item.getByRole('button', { name: `Revoke ${name}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke client' }).click();
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(item).toHaveCount(0);
  expect((await ask()).status()).toBe(401);
  await page.getByText(/^Revoked clients/).click();
  await expect(page.getByRole('list', { name: 'Revoked clients' }).getByRole('listitem').filter({ hasText: name })).toBeVisible();
  await directory.close();
});

test('nobody but an admin gets to the page', async ({ page }) => {
  for (const role of ['employee', 'compliance'] as const) {
    await becomeSignedIn(page, role);
    expect((await page.goto('/admin/provisioning'))?.status()).toBe(403);
    await page.context().clearCookies();
  }
});
