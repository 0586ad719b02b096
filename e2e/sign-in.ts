/** Signs in as one of the demo company's people, through the demo identity provider, as a person would. */
import type { Browser, BrowserContext, Page } from 'playwright/test';
import { members } from '#prisma/demo/company.ts';

export type DemoRole = (typeof members)[number]['role'];

/** Ends on /ask. `page` may be on any page, or none; it must not be signed in as somebody else. */
export async function signIn(page: Page, role: DemoRole): Promise<void> {
  const member = members.find((each) => each.role === role);
  if (member === undefined) throw new Error(`The demo company has no ${role}.`);
  await page.goto('/sign-in?from=/ask');
  await page.getByRole('main').getByRole('button').first().click();
  await page.getByRole('button', { name: new RegExp(member.name) }).click();
  await page.waitForURL(({ pathname }) => pathname === '/ask');
}

type Stored = Awaited<ReturnType<BrowserContext['storageState']>>;
const stored = new Map<DemoRole, Promise<Stored>>();

/** What a browser keeps of a signed-in person, made once per role: for tests of pages, which need not sign in each time. */
export function signedInState(browser: Browser, role: DemoRole): Promise<Stored> {
  const known = stored.get(role) ?? (async () => {
    const context = await browser.newContext();
    await signIn(await context.newPage(), role);
    const state = await context.storageState();
    await context.close();
    return state;
  })();
  stored.set(role, known);
  return known;
}
