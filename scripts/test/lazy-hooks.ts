/**
 * Loaded before every test file of a run with `--grep`. Node sets a file up and clears it away also when none of its
 * tests is wanted, and then clears away without waiting for the set-up: databases are made and left behind, and `after`
 * fails on what `before` has not made yet. Here both wait for the first test that is wanted.
 */
import { registerHooks } from 'node:module';

const ours = new URL('./lazy-hooks-test.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, nextResolve) => (specifier === 'node:test' && context.parentURL !== ours ? { url: ours, shortCircuit: true } : nextResolve(specifier, context)),
});
