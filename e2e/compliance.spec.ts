/** A compliance reviewer finds what people asked, were answered and read, and who was refused. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'playwright/test';
import { enter } from './sign-in.ts';

test('a reviewer finds a question, its answer, the passages as they were and the opened passage', async ({ browser }) => {
  const asker = await browser.newPage();
  await enter(asker, 'employee');
  const question = `How many weeks of paid leave does the primary carer get? (${Date.now()})`;
  await asker.getByRole('textbox', { name: /question/i }).fill(question);
  await asker.keyboard.press('Enter');
  await expect(asker.getByRole('button', { name: /how was this answered/i })).toBeVisible({ timeout: 30_000 });
  const opened = asker.waitForResponse((response) => /\/api\/evidence\/[^/]+\/opened$/.test(response.url()));
  await asker.locator('[data-citation]').first().click();
  expect((await opened).status()).toBe(204);

  const reviewer = await browser.newPage();
  await enter(reviewer, 'compliance', '/compliance/records?event=question.answered');
  await reviewer.getByRole('row').filter({ hasText: 'Mara Kovac' }).first().getByRole('link').click();
  await expect(reviewer.getByRole('main').getByText(question)).toBeVisible();
  await expect(reviewer.getByText('Matches its stored hash')).toBeVisible();
  await expect(reviewer.getByRole('heading', { name: /Served(?: to the model)?: \d+ passage/ })).toBeVisible();
  await reviewer.locator('summary').first().click();
  await expect(reviewer.locator('details p').first()).not.toBeEmpty();
  await expect(reviewer.getByRole('link', { name: /^Opened a passage/ }).first()).toBeVisible();
  await expect(reviewer.getByRole('link', { name: /^Asked a question/ })).toBeVisible();
});

test('filters stand in the address, and looking through the log is a record of its own', async ({ page }) => {
  await enter(page, 'compliance', '/compliance/records');
  await page.getByRole('combobox', { name: 'What happened' }).click();
  await page.getByRole('option', { name: 'Signed in', exact: true }).click();
  await expect(page).toHaveURL(/event=session\.started/);
  await expect(page.getByRole('row').filter({ hasText: 'Signed in' }).first()).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /record/ })).toBeVisible();
  await page.goto('/compliance/records?event=audit.searched');
  await expect(page.getByRole('row').filter({ hasText: 'Looked through records' }).first()).toBeVisible();
});

test('an employee and an admin are refused the records, and the refusal is itself recorded', async ({ browser }) => {
  for (const role of ['employee', 'admin'] as const) {
    const page = await browser.newPage();
    await enter(page, role, '/compliance/records');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/not|may/i);
    expect((await page.request.get('/api/audit/records')).status()).toBe(403);
  }
  const reviewer = await browser.newPage();
  await enter(reviewer, 'compliance', '/compliance/records?event=request.refused');
  for (const name of ['Mara Kovac', 'Jonas Lind']) {
    await expect(reviewer.getByRole('row').filter({ hasText: name }).filter({ hasText: 'refused' }).first()).toBeVisible();
  }
});

test('a record that does not exist is said to be missing', async ({ page }) => {
  await enter(page, 'compliance', '/compliance/records/999999999');
  await expect(page.getByText('Record 999,999,999 cannot be shown')).toBeVisible();
});

test('a reviewer sees how far the log is signed, copies the verifier key and downloads an export that verifies with it', async ({ page }) => {
  await enter(page, 'compliance', '/compliance/records');
  await expect(page.getByText(/Signed up to record [\d,]+/)).toBeVisible({ timeout: 90_000 });
  await expect(page.getByText(/and they agree/)).toBeVisible();
  await page.getByRole('button', { name: 'Root and verifier key' }).click();
  const key = await page.locator('code').filter({ hasText: /\/log\+[0-9a-f]{8}\+/ }).first().innerText();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export records' });
  await dialog.getByLabel('Last record').fill('999999999');
  await expect(dialog.getByText(/Signed are the records up to/)).toBeVisible();
  await dialog.getByLabel('Last record').fill('3');
  await dialog.getByRole('checkbox').check();
  const [download] = await Promise.all([page.waitForEvent('download'), dialog.getByRole('link', { name: 'Download' }).click()]);
  expect(download.suggestedFilename()).toBe('attest-audit-0-3.jsonl');
  const verified = spawnSync(process.execPath, [path.join(import.meta.dirname, '../scripts/attest-verify.ts'), await download.path(), '--key', key], { encoding: 'utf8' });
  expect(verified.stdout).toMatch(/VERIFIED: records 0 to 3, /);
  expect(verified.status).toBe(0);
});
