/** A picture of every page, light and dark, desktop and phone, into screenshots/. Run by `npm run demo:screenshots`. */
import path from 'node:path';
import { test } from 'playwright/test';
import { pages } from './pages.ts';
import { signIn } from './sign-in.ts';

const folder = path.join(import.meta.dirname, '../screenshots');
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

for (const { name, role, open } of pages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const [size, viewport] of Object.entries(sizes)) {
      test(`${name}-${size}-${colorScheme}`, async ({ browser }, info) => {
        const context = await browser.newContext({ colorScheme, viewport, deviceScaleFactor: size === 'phone' ? 2 : 1, reducedMotion: 'reduce' });
        const page = await context.newPage();
        if (role !== null) await signIn(page, role);
        await open(page);
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: path.join(folder, `${info.title}.png`) });
        await context.close();
      });
    }
  }
}
