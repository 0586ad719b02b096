/** The same question by two people with different rights: two different honest answers, each with its own record. */
import { expect, test, type Page } from 'playwright/test';
import { z } from 'zod';
import { ask } from './pages.ts';
import { enter, signIn, type DemoRole } from './sign-in.ts';

const question = 'Is Halden Instruments going to buy another company?';
const boardPlan = 'non-binding offer for 100 % of Fjordlys Metrology AS';
const conversationSchema = z.object({ turns: z.array(z.object({ answer: z.object({ text: z.string(), evidence: z.array(z.object({ text: z.string() })) }) })) });

/** The whole conversation as the server gives it to its owner. */
async function askAs(page: Page, role: DemoRole): Promise<{ served: string; everything: string }> {
  await enter(page, role);
  await ask(page, question);
  await expect(page).toHaveURL(/\/ask\/[0-9a-f-]{36}$/);
  const body = await (await page.request.get(`/api/conversations/${page.url().split('/').at(-1) ?? ''}`)).text();
  const served = conversationSchema.parse(JSON.parse(body)).turns.flatMap((turn) => turn.answer.evidence.map((evidence) => evidence.text)).join('\n');
  return { served: served.replace(/\s+/g, ' '), everything: `${body}${await page.content()}` };
}

test('who may read the board papers is told of the plan, who may not is told what the handbook says, and both are on record', async ({ browser }) => {
  const member = await (await browser.newContext()).newPage();
  const board = await (await browser.newContext()).newPage();
  const theirs = await askAs(member, 'employee');
  const ours = await askAs(board, 'compliance');
  expect(ours.served).toContain(boardPlan);
  expect(theirs.served).not.toBe('');
  expect(theirs.everything).not.toContain('Fjordlys');

  await board.goto('/compliance/records?event=question.answered');
  for (const [name, told] of [['Ines Roth', true], ['Mara Kovac', false]] as const) {
    await board.goto('/compliance/records?event=question.answered');
    await board.getByRole('row').filter({ hasText: name }).first().getByRole('link').click();
    await expect(board.getByText('Matches its stored hash')).toBeVisible();
    await expect(board.getByText(question).first()).toBeVisible();
    expect(((await board.locator('main').textContent()) ?? '').includes('Fjordlys')).toBe(told);
  }
});

test('every role signs in to what it may enter and nothing else, and each sign-in is a record', async ({ browser }) => {
  const rooms = { employee: ['Ask', 'Library'], admin: ['Ask', 'Library', 'Admin'], compliance: ['Ask', 'Library', 'Compliance'] };
  for (const role of ['employee', 'admin', 'compliance'] as const) {
    const page = await (await browser.newContext()).newPage();
    await signIn(page, role);
    for (const room of ['Ask', 'Library', 'Admin', 'Compliance']) {
      await expect(page.getByRole('link', { name: room, exact: true })).toHaveCount(rooms[role].includes(room) ? 1 : 0);
    }
    await page.context().close();
  }
  const reviewer = await (await browser.newContext()).newPage();
  await enter(reviewer, 'compliance', '/compliance/records?event=session.started');
  for (const name of ['Mara Kovac', 'Jonas Lind', 'Ines Roth']) await expect(reviewer.getByRole('row').filter({ hasText: name }).first()).toBeVisible();
});

test('twelve example questions wait to be clicked, and a click asks one', async ({ page }) => {
  await enter(page, 'employee');
  const examples = page.getByRole('region', { name: 'Example questions' });
  await examples.getByRole('button', { name: /more examples/ }).click();
  await expect(examples.getByRole('listitem')).toHaveCount(12);
  await examples.getByRole('listitem').nth(7).getByRole('button').click();
  await expect(page.getByRole('button', { name: 'How was this answered?' })).toBeVisible({ timeout: 60_000 });
});
