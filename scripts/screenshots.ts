/**
 * `npm run demo:screenshots`: starts the demo company and writes a picture of every page, light and dark, desktop and
 * phone, into screenshots/, which git ignores. With ATTEST_TEST_URL set it looks at that running product instead.
 */
import './start/configuration.ts';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium, type Browser } from 'playwright';
import { surroundings } from '#lib/env.ts';
import { pages, type PageToVisit } from '../e2e/pages.ts';
import { signIn } from '../e2e/sign-in.ts';
import { findChromium } from './test/chromium.ts';
import { startTestProduct } from './test/running-product.ts';

const folder = path.join(import.meta.dirname, '../screenshots');
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const running = surroundings()['ATTEST_TEST_URL'];
const product = running === undefined || running === '' ? await startTestProduct() : undefined;
const baseURL = product?.environment['ATTEST_TEST_URL'] ?? running ?? '';
const executablePath = await findChromium();
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'],
});
await mkdir(folder, { recursive: true });
const wanted = process.argv.slice(2);
for (const visit of pages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const size of ['desktop', 'phone'] as const) await take(browser, visit, { colorScheme, size });
  }
}
await browser.close();
await product?.stop(false);

async function take(from: Browser, visit: PageToVisit, look: { colorScheme: 'light' | 'dark'; size: keyof typeof sizes }): Promise<void> {
  const context = await from.newContext({ baseURL, colorScheme: look.colorScheme, viewport: sizes[look.size], deviceScaleFactor: look.size === 'phone' ? 2 : 1, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  if (visit.role !== null) await signIn(page, visit.role);
  await visit.open(page);
  await page.waitForTimeout(300);
  const file = path.join(folder, `${visit.name}-${look.size}-${look.colorScheme}.png`);
  await page.screenshot({ path: file });
  process.stdout.write(`${path.relative(process.cwd(), file)}\n`);
  await context.close();
}
