/** `--grep`: which tests run, and that nothing is set up for those that do not. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratchFolder, surroundings } from '#lib/env.ts';
import { runNodeTests } from './node-tests.ts';

/** A test file that needs its set-up, and keeps a diary of it. */
function writeTests(folder: string, name: string): void {
  const diary = JSON.stringify(path.join(folder, `${name}.diary`));
  fs.writeFileSync(
    path.join(folder, name),
    `import { appendFileSync } from 'node:fs';
     import { setTimeout as sleep } from 'node:timers/promises';
     import { after, before, test } from 'node:test';
     let database;
     before(async () => {
       appendFileSync(${diary}, 'set up, ');
       await sleep(50);
       database = { stop: () => appendFileSync(${diary}, 'cleared away') };
     });
     after(() => database.stop());
     test('apples are counted', () => database.stop.name);
     test('pears are counted', () => database.stop.name);
     test('plums never are', () => { throw new Error('not today\\u2028nor tomorrow'); });`,
  );
}

async function run(grep: string | undefined): Promise<{ told: string[]; diaries: string[] }> {
  const folder = fs.mkdtempSync(path.join(scratchFolder, 'attest-grep-'));
  try {
    for (const name of ['first.test.mjs', 'second.test.mjs']) writeTests(folder, name);
    const files = ['first.test.mjs', 'second.test.mjs'].map((name) => path.join(folder, name));
    // NODE_TEST_CONTEXT would make it a part of this very run.
    const reports = await runNodeTests({ files, environment: { ...surroundings(), NODE_TEST_CONTEXT: undefined }, concurrency: 1, timeoutMs: 30_000, grep });
    const diaries = fs.readdirSync(folder).filter((name) => name.endsWith('.diary')).sort();
    return {
      // What a whole file took is no test.
      told: reports.filter(({ outcome }) => outcome !== 'file').map(({ file, name, outcome }) => `${path.basename(file)}: ${name} ${outcome}`),
      diaries: diaries.map((name) => `${name.split('.')[0]}: ${fs.readFileSync(path.join(folder, name), 'utf8')}`),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

test('without words every test runs and is counted once', async () => {
  const { told, diaries } = await run(undefined);
  assert.equal(told.length, 6);
  assert.deepEqual(told.slice(0, 3), ['first.test.mjs: apples are counted passed', 'first.test.mjs: pears are counted passed', 'first.test.mjs: plums never are failed']);
  assert.deepEqual(diaries, ['first: set up, cleared away', 'second: set up, cleared away']);
});

test('words choose tests by their names; each file with one is set up and cleared away', async () => {
  const { told, diaries } = await run('apples|oranges');
  assert.deepEqual(told, ['first.test.mjs: apples are counted passed', 'second.test.mjs: apples are counted passed']);
  assert.deepEqual(diaries, ['first: set up, cleared away', 'second: set up, cleared away']);
});

test('a file without a wanted test is neither set up, nor cleared away, nor counted', async () => {
  assert.deepEqual(await run('quinces'), { told: [], diaries: [] });
});

test('words that a file is named with choose all its tests', async () => {
  const { told, diaries } = await run('second\\.test');
  assert.deepEqual(told, ['second.test.mjs: apples are counted passed', 'second.test.mjs: pears are counted passed', 'second.test.mjs: plums never are failed']);
  assert.deepEqual(diaries, ['second: set up, cleared away']);
});
