/** Finds a Chromium for the browser tests, installing one where that is possible; else says in one sentence what to do. */
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import { surroundings } from '#lib/env.ts';
import { root } from '../start/build.ts';

// The shell first: the same engine without the window around a page, which takes two thirds of the time to open one.
const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installMsMax = 300_000;
const run = promisify(execFile);

/** Path of an executable. Throws one sentence when there is none and none can be had. */
export async function findChromium(): Promise<string> {
  const { CHROMIUM_PATH: given } = surroundings();
  if (given) {
    if (works(given)) return given;
    throw new Error(`CHROMIUM_PATH names ${given}, which does not run.`);
  }
  const installed = findInstalled();
  if (installed !== undefined) return installed;
  process.stdout.write('No Chromium found; trying to get one.\n');
  await run(process.execPath, [path.join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium'], { timeout: installMsMax }).catch(() => undefined);
  if (findInstalled() === undefined) await installFromDebian();
  const found = findInstalled();
  if (found !== undefined) return found;
  throw new Error('The browser tests need Chromium: install the package chromium (Debian: apt-get install chromium), or set CHROMIUM_PATH.');
}

function findInstalled(): string | undefined {
  const { PATH = '' } = surroundings();
  const onPath = PATH.split(path.delimiter).flatMap((folder) => names.map((name) => path.join(folder, name)));
  const onMac = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
  return [...onPath, ...onMac, chromium.executablePath()].find((file) => fs.existsSync(file) && works(file));
}

/** Some machines have a file of that name that only says how to install the browser. */
function works(file: string): boolean {
  return spawnSync(file, ['--version', '--no-sandbox'], { timeout: 20_000 }).status === 0;
}

async function installFromDebian(): Promise<void> {
  if (process.getuid?.() !== 0 || !fs.existsSync('/usr/bin/apt-get')) return;
  const options = { timeout: installMsMax, env: { ...surroundings(), NODE_ENV: 'production' as const, DEBIAN_FRONTEND: 'noninteractive' } };
  await run('apt-get', ['update', '-qq'], options).catch(() => undefined);
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options).catch(() => undefined);
}
