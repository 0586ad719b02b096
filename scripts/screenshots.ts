/**
 * `npm run demo:screenshots`: starts the demo company and writes a picture of every page, light and dark, desktop and
 * phone, into screenshots/, which git ignores. With ATTEST_TEST_URL set it looks at that running product instead.
 * `-- answer record` takes only the pictures whose names hold one of these words.
 */
import './start/configuration.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { childEnvironment, surroundings } from '#lib/env.ts';
import { root } from './start/build.ts';
import { findChromium } from './test/chromium.ts';
import { startTestProduct } from './test/running-product.ts';

const running = surroundings()['ATTEST_TEST_URL'];
const product = running === undefined || running === '' ? await startTestProduct() : undefined;
try {
  const words = process.argv.slice(2);
  const child = spawn(
    process.execPath,
    [path.join(root, 'node_modules/playwright/cli.js'), 'test', '--config', path.join(root, 'e2e/screenshots.config.ts'), ...(words.length === 0 ? [] : ['--grep', words.join('|')])],
    { cwd: root, stdio: 'inherit', env: childEnvironment({ ...(product?.environment ?? surroundings()), CHROMIUM_PATH: await findChromium() }) },
  );
  const [status] = await once(child, 'exit');
  process.exitCode = typeof status === 'number' ? status : 1;
} finally {
  await product?.stop(false);
}
