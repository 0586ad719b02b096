/** Nothing that is audited is without its event, and no event without a place that records it and a test that looks for it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readCoverage } from './audit-coverage.ts';

test('every route, job queue and event of the audit log has its place and its test: npm run audit:coverage', () => {
  const { actions, faults } = readCoverage();
  assert.deepEqual(faults, []);
  assert.ok(actions.length >= 60, `${actions.length} actions`);
});

test('a route without a row, an event that nothing records and one that no test looks for are found', (t) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-coverage-'));
  t.after(() => fs.rmSync(folder, { recursive: true }));
  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.writeFileSync(path.join(folder, file), text);
  };
  write('app/api/unheard-of/route.ts', 'export const GET = route();');
  write('app/api/health/route.ts', 'export async function DELETE() {}');
  write('lib/a.ts', "type Named = 'key.made'; append({ event: 'grant.added' }); append({ event: 'grant.removed' });");
  write('lib/a.test.ts', "await appendRecord(tx, actor, { event: 'grant.removed' }); assert.ok(find('grant.added'));");
  const { faults } = readCoverage(folder);
  for (const fault of ['GET /api/unheard-of has no row', 'DELETE /api/health has no row', 'key.made is recorded nowhere', 'grant.removed is looked for by no test']) assert.ok(faults.some((each) => each.startsWith(fault)), fault);
  for (const fine of ['grant.added is', 'grant.removed is recorded']) assert.ok(!faults.some((each) => each.startsWith(fine)), fine);
});
