/**
 * `npm run audit:tamper`: tampers with logs and exports in every way that is known, and counts what the verifier finds.
 * Last line: `N passed, N failed`.
 *   --quick   a tenth of it     --seed N  the run to repeat
 */
import { parseArgs } from 'node:util';
import { kinds } from '#lib/audit/testing-tamper.ts';
import { runTampering } from '#lib/audit/testing-tamper-run.ts';

const full = { positions: 40, flips: 20_000, logs: 200 };
const quick = { positions: 4, flips: 2000, logs: 20 };
const shownMax = 20;

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const sizes = values.quick === true ? quick : full;
console.log(`Seed ${seed}. ${Object.keys(kinds).length} kinds of tampering at ${sizes.positions} places each, ${sizes.flips.toLocaleString('en')} changed bytes, ${sizes.logs} clean logs.`);
const begun = performance.now();
const { passed, failures, named } = await runTampering(seed, sizes);
for (const failure of failures.slice(0, shownMax)) console.log(`✖ ${failure}`);
console.log(`${named.toLocaleString('en')} times one record was to be named. ${((performance.now() - begun) / 1000).toFixed(0)} s.`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
