/** Documentation that cannot fall behind: what the code lists, the documents name. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { envNames } from '#lib/env.ts';
import { reference, referenceFile } from './reference.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFile(path.join(root, file), 'utf8');

test('docs/reference.md is what the code says', async () => {
  assert.equal(await readFile(referenceFile, 'utf8'), reference(), 'run npm run docs:reference');
});

test('every environment variable stands in docs/operations.md', async () => {
  const text = await read('docs/operations.md');
  assert.deepEqual(envNames.filter((name) => !text.includes(`\`${name}\``)), []);
});

test('every script of package.json is named in a document', async () => {
  const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(await read('package.json')));
  const texts = (await Promise.all(['README.md', 'docs/operations.md', 'docs/architecture.md'].map(read))).join('\n');
  const called = (name: string) => (['start', 'test'].includes(name) ? `npm ${name}` : `npm run ${name}`);
  assert.deepEqual(Object.keys(scripts).filter((name) => !texts.includes(called(name))), []);
});

test('README.md and docs/architecture.md keep their length and every link in them leads somewhere', async () => {
  const lengths = { 'README.md': 120, 'docs/architecture.md': 250 };
  for (const [file, linesMax] of Object.entries(lengths)) {
    const text = await read(file);
    assert.ok(text.split('\n').length <= linesMax, `${file} has more than ${linesMax} lines`);
    const links = [...text.matchAll(/\]\(([^)#\s]+)\)/g)].map((match) => match[1] ?? '').filter((link) => !/^[a-z]+:/.test(link));
    await Promise.all(links.map((link) => readFile(path.resolve(path.dirname(path.join(root, file)), link)).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return;
      assert.fail(`${file} links to ${link}, which is not there`);
    })));
  }
});

test('decisions are numbered without gaps or repetition', async () => {
  const numbers = (await readdir(path.join(root, 'docs/decisions'))).map((name) => Number(name.slice(0, 4))).sort((a, b) => a - b);
  assert.deepEqual(numbers, numbers.map((_, index) => index + 1));
});
