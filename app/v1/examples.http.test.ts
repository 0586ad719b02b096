/** The examples of docs/api.md, carried out as they stand there against the running product. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnvironment, surroundings } from '#lib/env.ts';
import { appUrl, call, read, signedIn, skip } from '../api/testing.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
const examples = [...fs.readFileSync(path.join(root, 'docs/api.md'), 'utf8').matchAll(/^```(sh|js)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({ language, code }));
const commands = { sh: ['/bin/sh', ['-ec']], js: [process.execPath, ['--input-type=module', '--eval']] } as const;

/** Programs of the shell that this machine may lack. */
function missing(code: string): string | false {
  const folders = (surroundings()['PATH'] ?? '').split(path.delimiter);
  return code.startsWith('curl ') && !folders.some((folder) => fs.existsSync(path.join(folder, 'curl'))) && 'there is no curl on this machine';
}

test('the documentation has examples', () => assert.ok(examples.length >= 4, `${examples.length}`));

for (const [index, { language, code }] of examples.entries()) {
  test(`example ${index + 1} of docs/api.md (${language}) does what it says`, { skip: skip !== false ? skip : missing(code) }, async () => {
    const { id, key } = await read(await call(signedIn('employee'), 'POST /api/keys', { json: { name: 'Example', scopes: ['ask', 'search'], days: 1 } }), 201, z.looseObject({ id: z.string(), key: z.string() }));
    const [program, options] = language === 'sh' ? commands.sh : commands.js;
    const environment = childEnvironment({ ...surroundings(), ATTEST_KEY: key });
    const { stdout } = await run(program, [...options, code.replaceAll('https://attest.example.com', appUrl)], { cwd: root, env: environment, timeout: 60_000 });
    await call(signedIn('employee'), `DELETE /api/keys/${id}`);
    assert.match(stdout, /leave/i);
  });
}
