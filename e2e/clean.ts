/** What every page must be, whatever it shows: axe finds nothing in it, and it does not scroll sideways. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/**
 * Holds both of the page as it is now; `what` names it in a failure. axe runs within the page (legacy mode: without a
 * second window for frames from other sites, of which there are none) and spells out only what it finds wrong.
 */
export async function expectClean(page: Page, what = 'the page'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] }).analyze();
  expect(violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  expect(page.frames(), `${what} has no frame that axe would leave out`).toHaveLength(1);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${what} scrolls sideways`).toBeLessThanOrEqual(0);
}
