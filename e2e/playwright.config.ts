/** Browser tests: a real Chromium against a running product, both started by `npm test`. Addresses come in by variables. */
import { defineConfig, devices } from 'playwright/test';
import { surroundings } from '#lib/env.ts';

const { ATTEST_TEST_URL: baseURL, CHROMIUM_PATH: executablePath } = surroundings();
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  outputDir: '../test-results',
  // Tests share one product and one demo company; within a file they run in order.
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  use: {
    ...devices['Desktop Chrome'],
    ...(baseURL === undefined ? {} : { baseURL }),
    locale: 'en-GB',
    // Nothing fades or slides, so that a page is looked at and clicked on as soon as it shows what it is for.
    contextOptions: { reducedMotion: 'reduce' },
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      // No request leaves the machine: the browser's own services are off as well.
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
