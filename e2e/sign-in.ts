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

/**
 * Opens the page at `path` as that person, without the provider's pages: for every test that is not about signing in.
 * All of them share one session per role, so a test that ends the session of its person signs in by `signIn`.
 */
export async function enter(page: Page, role: DemoRole, path = '/ask'): Promise<void> {
  await becomeSignedIn(page, role);
  await page.goto(path);
}

/** The same before any page is opened, for requests and for tests that look at how a page answers. */
export async function becomeSignedIn(page: Page, role: DemoRole): Promise<void> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('This page has no browser to open another window in.');
  await page.context().addCookies((await signedInState(browser, role)).cookies);
}

/** What a browser keeps of a signed-in person, made once per role. */
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
