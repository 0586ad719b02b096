/**
 * `npm run test:siem`: delivery to a SIEM with 10,000 hostile records through a real rsyslog, or as many as `--records N`
 * says. `npm test` runs the same files with 1,000. Last line: `N passed, N failed`.
 */
import './start/configuration.ts';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { surroundings } from '#lib/env.ts';
import { runNodeTests } from './test/node-tests.ts';
import { Tally } from './test/tally.ts';

const root = path.join(import.meta.dirname, '..');
const minutesMax = 30;

const { values } = parseArgs({ options: { records: { type: 'string', default: '10000' } } });
const files = fs.globSync('lib/audit/siem/*.test.ts', { cwd: root }).sort();
const tally = new Tally();
const begun = performance.now();
tally.add('siem', await runNodeTests({ files, environment: { ...surroundings(), ATTEST_SIEM_RECORDS: values.records }, concurrency: 1, timeoutMs: minutesMax * 60_000 }), performance.now() - begun);
tally.finish();
process.exit(tally.failed === 0 ? 0 : 1);
