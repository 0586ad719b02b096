/** An admin manages groups, members and models; nobody else gets there. */
import { expect, test } from 'playwright/test';
import { becomeSignedIn, enter } from './sign-in.ts';

test('an admin adds a group, puts a member into it and removes it again', async ({ page }) => {
  await enter(page, 'admin', '/admin/members');
  const name = `Auditors ${Date.now()}`;
  await page.getByRole('tab', { name: /Groups/ }).click();
  await page.getByRole('textbox', { name: 'Name of a new group' }).fill(name);
  await page.getByRole('button', { name: 'Add group' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  await page.getByRole('tab', { name: /Members/ }).click();
  await page.getByRole('button', { name: 'Change Mara Kovac' }).click();
  await page.getByRole('menuitemcheckbox', { name }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Mara Kovac' }).getByText(name)).toBeVisible();
  await page.getByRole('tab', { name: /Groups/ }).click();
  await page.getByRole('button', { name: `Remove group ${name}` }).click();
  await page.getByRole('button', { name: 'Remove group', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toHaveCount(0);
});

test('the admin cannot change their own role, and the last admin stays', async ({ page }) => {
  await enter(page, 'admin', '/admin/members');
  await expect(page.getByRole('combobox', { name: 'Role of Jonas Lind' })).toBeDisabled();
});

test('the models page says what serves each role, and ingestion that nothing failed', async ({ page }) => {
  await enter(page, 'admin', '/admin/models');
  await expect(page.getByRole('heading', { name: 'Writes answers' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Searches by meaning' })).toBeVisible();
  await page.goto('/admin/ingestion');
  await expect(page.getByText('Ready', { exact: true })).toBeVisible();
});

test('an employee is refused every admin page', async ({ page }) => {
  await becomeSignedIn(page, 'employee');
  for (const path of ['/admin/members', '/admin/models', '/admin/ingestion']) {
    const response = await page.goto(path);
    expect(response?.status()).toBe(403);
  }
});
