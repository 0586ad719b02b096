/** Asking in a real browser: stream, cite, open the passage, rate, go on, find again, rename, delete, stop. */
import { expect, test, type Page } from 'playwright/test';
import { z } from 'zod';
import { enter } from './sign-in.ts';

const leaveQuestion = 'How many weeks of parental leave does the primary carer get?';
const answeredMs = 60_000;

const question = (page: Page) => page.getByRole('textbox', { name: /question/i });
const answers = (page: Page) => page.getByRole('article');
const citations = (page: Page) => answers(page).last().locator('[data-citation]');
const evidence = (page: Page) => page.getByRole('region', { name: 'Evidence', exact: true });

async function ask(page: Page, words: string): Promise<void> {
  const before = await page.getByRole('button', { name: 'How was this answered?' }).count();
  await question(page).fill(words);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'How was this answered?' })).toHaveCount(before + 1, { timeout: answeredMs });
}

/** Opens the menu of the conversation with that title in the side bar. */
async function openMenu(page: Page, title: string): Promise<void> {
  await page.getByRole('complementary', { name: 'Side bar' }).getByRole('link', { name: title }).hover();
  await page.getByRole('button', { name: `More for ${title}` }).click();
}

test('a question is answered with citations, gets an address of its own, and is there after a reload', async ({ page }) => {
  await enter(page, 'employee');
  await expect(page.getByText(/You can ask about \d+ collections?, [\d,]+ documents?/)).toBeVisible();
  await question(page).fill(leaveQuestion);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: leaveQuestion })).toBeVisible();
  await expect(page).toHaveURL(/\/ask\/[0-9a-f-]{36}$/);
  await expect(answers(page).last().getByText(/Searched \d+ collections?/)).toBeVisible({ timeout: answeredMs });
  await expect(page.getByRole('button', { name: 'How was this answered?' })).toBeVisible({ timeout: answeredMs });
  await expect(citations(page).first()).toBeVisible();
  const words = await answers(page).last().locator('[data-answer]').innerText();
  await page.reload();
  await expect(answers(page).last().locator('[data-answer]')).toHaveText(words, { useInnerText: true });
  await expect(page.getByText(/^record [\d,]+$/)).toBeVisible();
});

test('a citation opens the PDF page with boxes over its words, and shows exactly the text that was given', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, leaveQuestion);
  const opened = page.waitForRequest((request) => /\/api\/evidence\/[^/]+\/opened$/.test(request.url()) && request.method() === 'POST');
  await answers(page).last().getByRole('button', { name: /^Passage \d+: Leave policy/ }).first().click();
  expect((await (await opened).response())?.status()).toBe(204);
  await expect(evidence(page).locator('[data-pdf-page][data-drawn="true"]')).toBeVisible({ timeout: 20_000 });
  const mark = evidence(page).locator('[data-highlight]').first();
  await expect(mark).toBeVisible();
  expect((await mark.boundingBox())?.width ?? 0).toBeGreaterThan(20);
  const number = Number(await citations(page).and(page.locator('[aria-pressed="true"]')).first().innerText());
  await evidence(page).getByRole('tab', { name: 'Exact text' }).click();
  const shown = await evidence(page).locator('[data-passage-text]').textContent();
  const saved = await readConversation(page);
  expect(shown).toBe(saved.turns[0]?.answer?.evidence.find((one) => one.number === number)?.text);
});

test('a citation of a text document marks the passage in it', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, 'How do I set up the VPN on a new Mac?');
  await answers(page).last().getByRole('button', { name: /^Passage \d+: VPN on Mac/ }).first().click();
  await expect(evidence(page).getByRole('region', { name: 'Document text' }).locator('mark').first()).toBeInViewport();
  await expect(evidence(page).getByRole('link', { name: /Open document/ })).toHaveAttribute('href', /\/library\/documents\/[0-9a-f-]{36}\?version=\d+&block=\d+$/);
});

test('citations are walked and opened by keyboard, and Escape gives the focus back', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, 'How many weeks of parental leave do both carers get, and by when must it be taken?');
  test.skip((await citations(page).count()) < 2, 'this answer cites only once');
  await citations(page).first().focus();
  await page.keyboard.press('ArrowRight');
  await expect(citations(page).nth(1)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(evidence(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(evidence(page)).toHaveCount(0);
  await expect(citations(page).nth(1)).toBeFocused();
});

test('a follow-up stays in the conversation and understands what came before', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, leaveQuestion);
  const address = page.url();
  await ask(page, 'And by when must it be taken?');
  expect(page.url()).toBe(address);
  await expect(answers(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'How was this answered?' }).last().click();
  await expect(page.getByRole('region', { name: 'How this was answered' }).getByText(/parental/i).first()).toBeVisible();
});

test('a question that the documents do not answer says so and shows what came nearest', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, 'Which football club won the cup in 1974?');
  await expect(answers(page).last().getByText('The documents you may read do not answer this.')).toBeVisible();
});

test('feedback with a comment is kept and can be taken back', async ({ page }) => {
  await enter(page, 'employee');
  await ask(page, leaveQuestion);
  await page.getByRole('button', { name: 'Not helpful' }).click();
  await page.getByRole('textbox', { name: /What was wrong or missing/ }).fill('Austria is missing');
  const saved = page.waitForResponse((response) => /\/feedback$/.test(response.url()) && response.request().method() === 'PUT' && response.request().postData()?.includes('Austria') === true);
  await page.getByRole('button', { name: 'Add comment' }).click();
  expect((await saved).ok()).toBe(true);
  await page.reload();
  const button = page.getByRole('button', { name: 'Not helpful' });
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'false');
});

test('a conversation is found in history, renamed and deleted', async ({ page }) => {
  await enter(page, 'employee');
  const words = `What is the code of conduct about, ${Date.now()}?`;
  await ask(page, words);
  const rail = page.getByRole('complementary', { name: 'Side bar' });
  await expect(rail.getByRole('link', { name: words })).toBeVisible();
  await openMenu(page, words);
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const title = `Conduct ${Date.now()}`;
  await page.getByRole('textbox', { name: 'Title of the conversation' }).fill(title);
  await page.keyboard.press('Enter');
  await expect(rail.getByRole('link', { name: title })).toBeVisible();
  await page.goto('/ask');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill(title);
  await page.getByRole('option', { name: title }).click();
  await expect(page.getByRole('heading', { level: 2, name: words })).toBeVisible();
  await openMenu(page, title);
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const address = page.url();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete conversation' }).click();
  await expect(page).toHaveURL(({ pathname }) => pathname === '/ask');
  await expect(rail.getByRole('link', { name: title })).toHaveCount(0);
  await page.goto(address);
  await expect(page.getByText('There is no conversation here that you may see')).toBeVisible();
});

test('a conversation opens only for the person who asked', async ({ page, browser }) => {
  await enter(page, 'employee');
  await ask(page, leaveQuestion);
  const stranger = await (await browser.newContext()).newPage();
  await enter(stranger, 'admin');
  await stranger.goto(page.url());
  await expect(stranger.getByText('There is no conversation here that you may see')).toBeVisible();
  // The stranger may have asked the same before; that stands in their own list.
  await expect(stranger.getByRole('main').getByText(leaveQuestion)).toHaveCount(0);
  await stranger.context().close();
});

test('an answer can be stopped, and the next question can be asked', async ({ page }) => {
  await enter(page, 'employee');
  // The request is held back for a while, so that the answer cannot be finished before Stop is pressed.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/api/ask', async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await question(page).fill(leaveQuestion);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop the answer' }).click();
  await expect(answers(page).getByText(/You stopped this answer/)).toBeVisible();
  await expect(question(page)).toHaveValue(leaveQuestion);
  release();
  await page.unroute('**/api/ask');
  await page.keyboard.press('Enter');
  await expect(citations(page).first()).toBeVisible({ timeout: answeredMs });
});

test('what was typed is kept over a reload, an expired sign-in and a lost connection', async ({ page, context }) => {
  await enter(page, 'employee');
  await question(page).fill('A half-written question');
  await page.reload();
  await expect(question(page)).toHaveValue('A half-written question');
  await context.setOffline(true);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert').getByText(/offline|cannot be reached/i)).toBeVisible();
  await expect(question(page)).toHaveValue('A half-written question');
  await context.setOffline(false);
  await context.clearCookies();
  await question(page).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Your sign-in has ended' });
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Not now' }).click();
  await expect(question(page)).toHaveValue('A half-written question');
});

test('a question that is too long cannot be sent and says by how much', async ({ page }) => {
  await enter(page, 'employee');
  await question(page).fill('a'.repeat(4_100));
  await expect(page.getByText('100 characters too long')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Send the question' })).toBeDisabled();
});

test('on a phone the evidence covers the page and closes again', async ({ browser }) => {
  const page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
  await enter(page, 'employee');
  await ask(page, leaveQuestion);
  await citations(page).first().click();
  const sheet = page.getByRole('dialog', { name: 'Evidence' });
  await expect(sheet).toBeVisible();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await expect(sheet).toHaveCount(0);
  await page.context().close();
});

test('keys: slash writes a question, question mark lists the keys, the skip link leads to the page', async ({ page }) => {
  await enter(page, 'employee', '/library');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the page' })).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toHaveCount(0);
  await page.keyboard.press('/');
  await expect(page).toHaveURL(({ pathname }) => pathname === '/ask');
  await expect(question(page)).toBeFocused();
});

const savedSchema = z.object({ turns: z.array(z.object({ answer: z.object({ evidence: z.array(z.object({ number: z.number(), text: z.string() })) }).nullable() })) });

async function readConversation(page: Page): Promise<z.infer<typeof savedSchema>> {
  const id = /\/ask\/([^/]+)$/.exec(page.url())?.[1] ?? '';
  return savedSchema.parse(await (await page.request.get(`/api/conversations/${id}`)).json());
}
