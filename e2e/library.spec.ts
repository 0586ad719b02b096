/** The library in a real browser: collections, uploads that go well and badly, grants, documents, and what a reload leaves. */
import PDFDocument from 'pdfkit';
import { expect, test, type Browser, type Locator, type Page } from 'playwright/test';
import { z } from 'zod';
import { expectClean } from './clean.ts';
import { becomeSignedIn, enter, type DemoRole } from './sign-in.ts';

const readyMs = 40_000;
const answeredMs = 60_000;
const pdfType = 'application/pdf';
const tray = (page: Page): Locator => page.getByRole('region', { name: 'Uploads' });
const line = (page: Page, fileName: string): Locator => tray(page).getByRole('listitem').filter({ hasText: fileName });
const chooser = (page: Page): Locator => page.locator('main input[type="file"][multiple]').first();

/** A PDF with one page for each text; a first line with nothing below it in its paragraph is a heading. */
async function makePdf(pages: readonly string[], options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const pdf = new PDFDocument({ size: 'A4', autoFirstPage: false, ...options });
  const parts: Buffer[] = [];
  pdf.on('data', (part: Buffer) => parts.push(part));
  const ended = new Promise((resolve) => pdf.on('end', resolve));
  for (const page of pages) {
    const [heading = '', ...paragraphs] = page.split('\n\n');
    pdf.addPage();
    if (paragraphs.length > 0) pdf.font('Helvetica-Bold').fontSize(20).text(heading).moveDown();
    pdf.font('Helvetica').fontSize(12).text(paragraphs.length > 0 ? paragraphs.join('\n\n') : heading);
  }
  pdf.end();
  await ended;
  return Buffer.concat(parts);
}

async function addCollection(page: Page, name: string): Promise<void> {
  await page.goto('/library');
  await page.getByRole('button', { name: 'New collection' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('textbox', { name: 'Description' }).fill('Made by a test.');
  await page.getByRole('button', { name: 'Add collection' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL(/\/library\/collections\/[0-9a-f-]{36}$/);
}

async function grantTo(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name: 'Access' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Grant access' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Grant access' });
  await dialog.getByRole('combobox').fill(name);
  await dialog.getByRole('option', { name }).first().click();
  await dialog.getByRole('button', { name: 'Grant access' }).click();
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('May read');
}

/** A window of its own in which that person is signed in, with no page open yet. */
async function openAs(browser: Browser, role: DemoRole): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await becomeSignedIn(page, role);
  return page;
}

/** Deletes what a test made, so that the others find the demo company as it was. */
async function removeCollection(page: Page, address: string): Promise<void> {
  const id = z.uuid().parse(new URL(address).pathname.split('/').at(-1));
  const headers = { origin: new URL(address).origin };
  const list = z.object({ items: z.array(z.object({ id: z.string() })) }).parse(await (await page.request.get(`/api/collections/${id}/documents`)).json());
  for (const document of list.items) await page.request.delete(`/api/documents/${document.id}`, { headers });
  expect((await page.request.delete(`/api/collections/${id}`, { headers })).status()).toBe(204);
}

test('a new PDF is uploaded, read, granted, asked about, opened at its words, and gone once it is deleted', async ({ browser }) => {
  test.setTimeout(180_000);
  // Words of this run alone: a collection that an earlier, broken run left behind must not answer instead.
  const stamp = Date.now();
  const name = `Bicycles ${stamp}`;
  const padlock = `Zimtstern${stamp}`;
  const admin = await openAs(browser, 'admin');
  await addCollection(admin, name);
  const address = admin.url();
  await expect(admin.getByText('Nobody can read this collection yet, you included.')).toBeVisible();
  const buffer = await makePdf([`Bicycle shed rules\n\n${'Bicycles stand under the roof beside the gate and nowhere else. '.repeat(40)}`, `${padlock} padlocks\n\nA ${padlock} padlock is lent for fourteen days against a deposit of 35 euros at the reception desk.`]);
  await chooser(admin).setInputFiles({ name: 'bicycle-shed.pdf', mimeType: pdfType, buffer });
  await expect(line(admin, 'bicycle-shed.pdf')).toContainText('Ready', { timeout: readyMs });
  await expect(admin.getByRole('row').filter({ hasText: 'Bicycle shed' })).toContainText('Ready');
  await grantTo(admin, 'Everyone');

  const employee = await openAs(browser, 'employee');
  await employee.goto('/ask');
  await employee.getByRole('textbox', { name: /question/i }).fill(`What deposit is taken for a ${padlock} padlock, and for how many days is it lent?`);
  await employee.keyboard.press('Enter');
  await expect(employee.getByRole('button', { name: 'How was this answered?' })).toBeVisible({ timeout: answeredMs });
  await expect(employee.getByRole('article').last()).toContainText('35 euros');
  await employee.getByRole('article').last().getByRole('button', { name: /^Passage \d+: Bicycle shed/ }).first().click();
  const evidence = employee.getByRole('region', { name: 'Evidence', exact: true });
  await expect(evidence.locator('[data-pdf-page="2"][data-drawn="true"]')).toBeVisible({ timeout: 20_000 });
  await expect(evidence.locator('[data-highlight]').first()).toBeVisible();
  await evidence.getByRole('link', { name: /Open document/ }).click();
  await expect(employee.getByRole('heading', { level: 1, name: 'Bicycle shed' })).toBeVisible();
  await expect(employee.locator('[data-pdf-page="2"][data-drawn="true"]')).toBeVisible({ timeout: 20_000 });
  await expect(employee.locator('[data-highlight]').first()).toBeVisible();
  await expect(employee.getByRole('main').locator('[aria-current="true"]').first()).toContainText(padlock);

  await admin.getByRole('tab', { name: 'Documents' }).click();
  await admin.getByRole('button', { name: 'More about Bicycle shed' }).click();
  await admin.getByRole('menuitem', { name: 'Delete' }).click();
  await expect(admin.getByRole('alertdialog')).toContainText('Nobody finds or opens it from now on');
  await admin.getByRole('button', { name: 'Delete document' }).click();
  await expect(admin.getByText('Drop files anywhere on this page')).toBeVisible();
  await employee.reload();
  await expect(employee.getByText('This document is not here')).toBeVisible();
  await removeCollection(admin, address);
});

test('empty, wrong, older, protected and cut-off files each say in words why they were not taken', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await openAs(browser, 'admin');
  await addCollection(page, `Bad files ${Date.now()}`);
  const address = page.url();
  const whole = await makePdf(['A page of words that would be read if all of it had come.'.repeat(20)]);
  await chooser(page).setInputFiles([
    { name: 'nothing.pdf', mimeType: pdfType, buffer: Buffer.alloc(0) },
    { name: 'holiday.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') },
    { name: 'older.doc', mimeType: 'application/msword', buffer: Buffer.from('x') },
    { name: 'liar.pdf', mimeType: pdfType, buffer: Buffer.from('Only words, no PDF at all.') },
    { name: 'locked.pdf', mimeType: pdfType, buffer: await makePdf(['Secret words.'], { userPassword: 'open', ownerPassword: 'own' }) },
    { name: 'half.pdf', mimeType: pdfType, buffer: whole.subarray(0, Math.floor(whole.length * 0.6)) },
  ]);
  const reasons: readonly (readonly [string, RegExp])[] = [
    ['nothing.pdf', /empty \(0 bytes\)/],
    ['holiday.zip', /Files ending in \.zip cannot be read/],
    ['older.doc', /Save it as \.docx/],
    ['liar.pdf', /contents are plain text/],
    ['locked.pdf', /protected by a password/],
    ['half.pdf', /damaged or cut off/],
  ];
  for (const [fileName, reason] of reasons) await expect(line(page, fileName)).toContainText(reason, { timeout: readyMs });
  await expect(tray(page).getByRole('heading')).toHaveText('6 files failed');
  await expect(page.getByRole('row').filter({ hasText: 'Locked' })).toContainText('protected by a password');
  await page.getByRole('button', { name: 'Close the uploads' }).click();
  await expect(tray(page)).toHaveCount(0);
  await removeCollection(page, address);
});

test('the tray survives going elsewhere and a reload, and a file of the same name can become a new version', async ({ browser }) => {
  test.setTimeout(120_000);
  const page = await openAs(browser, 'admin');
  await addCollection(page, `Versions ${Date.now()}`);
  const address = page.url();
  await page.getByRole('button', { name: 'Grant access' }).or(page.getByRole('link', { name: 'Grant access' })).first().click();
  await grantTo(page, 'Everyone');
  await page.getByRole('tab', { name: 'Documents' }).click();
  await chooser(page).setInputFiles({ name: 'canteen.md', mimeType: 'text/markdown', buffer: Buffer.from('# Canteen\n\nSoup costs 3 euros.\n') });
  await page.getByRole('link', { name: 'Library', exact: true }).first().click();
  await expect(line(page, 'canteen.md')).toContainText('Ready', { timeout: readyMs });
  await page.reload();
  await expect(line(page, 'canteen.md')).toContainText('Ready');
  await page.getByRole('button', { name: 'Close the uploads' }).click();

  await page.goto(address);
  const newer = { name: 'canteen.md', mimeType: 'text/markdown', buffer: Buffer.from('# Canteen\n\nSoup costs 4 euros now.\n') };
  await chooser(page).setInputFiles(newer);
  await expect(line(page, 'canteen.md')).toContainText('“Canteen” has the same file name');
  await page.getByRole('button', { name: 'Upload as a new version' }).click();
  await expect(line(page, 'canteen.md')).toContainText('Ready', { timeout: readyMs });
  await chooser(page).setInputFiles({ ...newer, name: 'copy-of-canteen.md' });
  await expect(line(page, 'copy-of-canteen.md')).toContainText('already in the collection');
  await line(page, 'copy-of-canteen.md').getByRole('link', { name: 'Open that document' }).click();
  await expect(page.getByText('Version 2 of 2')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Document text' })).toContainText('4 euros');
  await page.getByRole('tab', { name: 'Versions (2)' }).click();
  await page.getByRole('link', { name: 'Open', exact: true }).click();
  await expect(page.getByText('Answers rest on version 2 now')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Document text' })).toContainText('3 euros');
  await removeCollection(page, address);
});

test('an upload without a connection says so, keeps the file, and goes on when asked', async ({ browser }) => {
  const page = await openAs(browser, 'admin');
  await addCollection(page, `Offline ${Date.now()}`);
  const address = page.url();
  await page.context().setOffline(true);
  await chooser(page).setInputFiles({ name: 'parking.txt', mimeType: 'text/plain', buffer: Buffer.from('Parking is free on Sundays.') });
  await expect(line(page, 'parking.txt')).toContainText('offline');
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try parking.txt again' }).click();
  await expect(line(page, 'parking.txt')).toContainText('Ready', { timeout: readyMs });
  await removeCollection(page, address);
});

test('two admins change the same grant: the second is shown what the first saved, and decides', async ({ browser }) => {
  const first = await openAs(browser, 'admin');
  await addCollection(first, `Shared ${Date.now()}`);
  const address = first.url();
  await grantTo(first, 'Sales');
  const second = await openAs(browser, 'admin');
  await second.goto(`${address}?tab=access`);
  await second.getByRole('button', { name: 'Change the grant to Sales' }).click();
  await first.getByRole('button', { name: 'Change the grant to Sales' }).click();
  await first.getByRole('radio', { name: /May read and edit/ }).check();
  await first.getByRole('button', { name: 'Save' }).click();
  await expect(first.getByRole('row').filter({ hasText: 'Sales' })).toContainText('May read and edit');

  await second.getByLabel('Last day (optional)').fill('2040-05-03');
  await second.getByRole('button', { name: 'Save' }).click();
  const dialog = second.getByRole('dialog');
  await expect(dialog).toContainText('Somebody else changed this grant in the meantime. Your change was not saved');
  await expect(dialog).toContainText('Sales now may read and edit, no end.');
  await dialog.getByRole('button', { name: 'Save mine over it' }).click();
  await expect(second.getByRole('row').filter({ hasText: 'Sales' })).toContainText('Until 3 May 2040');

  await first.getByRole('button', { name: 'Remove the grant to Sales' }).click();
  await first.getByRole('button', { name: 'Remove grant', exact: true }).click();
  await expect(first.getByRole('alertdialog')).toContainText('It was not removed. Sales now may read, until 3 May 2040.');
  await first.getByRole('button', { name: 'Remove it all the same' }).click();
  await expect(first.getByText('Nobody can read this collection yet', { exact: true })).toBeVisible();
  await removeCollection(first, address);
});

test('an admin without the right to read gets no content, and a grant to themself opens it', async ({ browser }) => {
  const page = await openAs(browser, 'admin');
  await addCollection(page, `Unread ${Date.now()}`);
  const address = page.url();
  await chooser(page).setInputFiles({ name: 'safe.txt', mimeType: 'text/plain', buffer: Buffer.from('The safe stands in the cellar.') });
  await expect(line(page, 'safe.txt')).toContainText('Ready', { timeout: readyMs });
  await page.getByRole('table', { name: 'Documents' }).or(page.getByRole('region', { name: 'Documents' })).getByRole('link', { name: 'Safe' }).click();
  await expect(page.getByText('You manage this collection but have no right to read it').first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Download', exact: true })).toHaveCount(0);
  await page.getByRole('button', { name: 'Grant myself read access' }).first().click();
  await expect(page.getByRole('region', { name: 'Document text' })).toContainText('The safe stands in the cellar.');
  await removeCollection(page, address);
});

test('an employee sees why they can read a collection, may not change it, and does not learn of others', async ({ browser, page }) => {
  const admin = await openAs(browser, 'admin');
  const list = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }).parse(await (await admin.request.get('/api/collections')).json());
  const board = list.items.find(({ name }) => name === 'Board');
  await enter(page, 'employee', '/library');
  await expect(page.getByRole('columnheader', { name: 'You can read it through' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Board' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Company handbook' }).click();
  await expect(page.getByText('You can read it through Everyone')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Upload files' })).toHaveCount(0);
  await expect(page.getByRole('tab', { name: 'Access' })).toHaveCount(0);
  await page.goto(`/library/collections/${board?.id ?? ''}`);
  await expect(page.getByText('This collection is not here')).toBeVisible();
  for (const path of ['/admin/members', '/admin/ingestion']) expect((await page.goto(path))?.status()).toBe(403);
});

test('the filter finds as one types, and the arrow keys walk the passages and mark them in the source', async ({ page }) => {
  await enter(page, 'employee', '/library');
  await page.getByRole('link', { name: 'Company handbook' }).click();
  await page.getByRole('searchbox', { name: 'Find a document' }).fill('leave');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'Leave policy' }).click();
  await expect(page.locator('[data-pdf-page="1"][data-drawn="true"]')).toBeVisible({ timeout: 20_000 });
  await page.locator('[data-passage="0"]').click();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('[data-passage="3"]')).toBeFocused();
  await expect(page.locator('[data-passage="3"]')).toHaveAttribute('aria-current', 'true');
  await expect(page.locator('[data-highlight]').first()).toBeVisible();
  await expect(page).toHaveURL(/\?version=\d+&block=\d+$/);
  const address = page.url();
  await page.goto(address);
  await expect(page.locator('[data-passage="3"]')).toHaveAttribute('aria-current', 'true');
});

test('axe finds nothing in the dialogs, the menu, the tabs and the tray', async ({ browser }) => {
  test.setTimeout(120_000);
  for (const look of [{ colorScheme: 'light', viewport: { width: 1280, height: 800 } }, { colorScheme: 'dark', viewport: { width: 360, height: 740 } }] as const) {
    const page = await (await browser.newContext({ ...look, reducedMotion: 'reduce' })).newPage();
    await becomeSignedIn(page, 'admin');
    const check = (what: string): Promise<void> => expectClean(page, what);
    await addCollection(page, `Donaudampfschifffahrtsgesellschaftskapitänsmützenverordnung ${Date.now()}`);
    const address = page.url();
    await check('an empty collection');
    await chooser(page).setInputFiles([
      { name: 'مرحبا بالعالم.txt', mimeType: 'text/plain', buffer: Buffer.from('مرحبا بالعالم. هذه وثيقة قصيرة.') },
      { name: 'nothing.pdf', mimeType: pdfType, buffer: Buffer.alloc(0) },
    ]);
    await expect(tray(page).getByText('Ready', { exact: true })).toBeVisible({ timeout: readyMs });
    await check('the tray');
    await page.getByRole('button', { name: 'Close the uploads' }).click();
    await page.getByRole('main').getByRole('button', { name: /^More about مرحبا/ }).click();
    await check('the menu of a document');
    await page.keyboard.press('Escape');
    await grantTo(page, 'Everyone');
    await check('the grants');
    await page.getByRole('main').getByRole('button', { name: 'Grant access' }).first().click();
    await page.getByRole('option').first().waitFor();
    await check('granting');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Documents' }).click();
    await page.getByRole('main').getByRole('row').nth(1).getByRole('link').click();
    for (const tab of [/Passages/, /Versions/, /Problems/, /Access/]) {
      await page.getByRole('tab', { name: tab }).click();
      await check(`the tab ${tab.source}`);
    }
    await removeCollection(page, address);
    await page.context().close();
  }
});
