/** axe finds nothing on any page, light or dark, wide or narrow; no page asks another host for anything or scrolls sideways. */
import { expect, test } from 'playwright/test';
import { surroundings } from '#lib/env.ts';
import { expectClean } from './clean.ts';
import { pages } from './pages.ts';
import { signedInState } from './sign-in.ts';

const looks = [
  { name: 'light desktop', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'dark phone', colorScheme: 'dark', viewport: { width: 360, height: 740 } },
] as const;

// Pages are the same on either database: a run on a server, which .ci/run makes after the one on the embedded database, takes one look.
const isOnServer = (surroundings()['DATABASE_URL'] ?? '') !== '';

for (const { name: look, ...options } of isOnServer ? looks.slice(1) : looks) {
  for (const { name, role, open } of pages) {
    test(`${name}, ${look}: axe finds nothing and nothing leaves the machine`, async ({ browser, baseURL }) => {
      const context = await browser.newContext({ ...options, reducedMotion: 'reduce', ...(role === null ? {} : { storageState: await signedInState(browser, role) }) });
      const page = await context.newPage();
      const foreign: string[] = [];
      const complaints: string[] = [];
      const own = new URL(baseURL ?? '').hostname;
      page.on('request', (request) => {
        const { hostname, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && hostname !== own) foreign.push(request.url());
      });
      page.on('console', (message) => { if (message.type() === 'error' && !/status of (403|404)/.test(message.text())) complaints.push(message.text()); });
      page.on('pageerror', (error) => complaints.push(error.message));
      await open(page);
      await expectClean(page);
      expect(foreign).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
}
