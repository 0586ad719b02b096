/** Signs in as one of the demo company's people, through the demo identity provider, as a person would. */
import type { Page } from 'playwright/test';
import { members } from '#prisma/demo/company.ts';

export type DemoRole = (typeof members)[number]['role'];

/** Ends on /ask. `page` may be on any page, or none; it must not be signed in as somebody else. */
export async function signIn(page: Page, role: DemoRole): Promise<void> {
  const member = members.find((each) => each.role === role);
  if (member === undefined) throw new Error(`The demo company has no ${role}.`);
  await page.goto('/sign-in?from=/ask');
  await page.getByRole('main').getByRole('button').first().click();
  await page.getByRole('button', { name: new RegExp(member.name) }).click();
  await page.waitForURL(/\/ask$/);
}
