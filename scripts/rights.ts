/**
 * `npm run test:authz:worlds`, `:canary`, `:rivals` and `:sidechannel`: the tests that show that rights hold, each for
 * itself and as large as asked for. `npm test` runs the same files in their small size.
 *   --worlds N     random companies, for worlds and canary        --full         large ones, every member on every path
 *   --pairs N|all  documents asked for one by one, with --full    --questions N  pairs of questions, for sidechannel
 *   --timing       measures the time of answers too               --seed N       the run to repeat
 */
import './start/configuration.ts';
import { parseArgs } from 'node:util';
import { surroundings } from '#lib/env.ts';
import { runNodeTests } from './test/node-tests.ts';
import { Tally } from './test/tally.ts';

const suites: Readonly<Record<string, readonly string[]>> = {
  worlds: ['app/api/_rights/worlds.db.test.ts', 'app/api/_rights/mutants.db.test.ts'],
  canary: ['app/api/_rights/canary.db.test.ts'],
  rivals: ['app/api/_rights/rivals.db.test.ts'],
  sidechannel: ['app/api/_rights/sidechannel.db.test.ts'],
};
const hoursMax = 24;

const { values, positionals } = parseArgs({
  options: { worlds: { type: 'string' }, full: { type: 'boolean' }, pairs: { type: 'string' }, questions: { type: 'string' }, timing: { type: 'boolean' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const name = positionals[0] ?? '';
const files = suites[name];
if (files === undefined) throw new Error(`There is no suite "${name}". Suites: ${Object.keys(suites).join(', ')}.`);

const environment = {
  ...surroundings(),
  ...(values.worlds === undefined ? {} : { ATTEST_WORLDS: values.worlds }),
  ...(values.full === true ? { ATTEST_WORLD_SIZE: 'full' } : {}),
  ...(values.pairs === undefined ? {} : { ATTEST_PAIRS: values.pairs }),
  ...(values.questions === undefined ? {} : { ATTEST_QUESTIONS: values.questions }),
  ...(values.timing === true ? { ATTEST_TIMING: 'on' } : {}),
  ...(values.seed === undefined ? {} : { ATTEST_SEED: values.seed }),
};
const tally = new Tally();
const begun = performance.now();
tally.add(name, await runNodeTests({ files, environment, concurrency: 1, timeoutMs: hoursMax * 3_600_000 }), performance.now() - begun);
tally.finish();
process.exit(tally.failed === 0 ? 0 : 1);
