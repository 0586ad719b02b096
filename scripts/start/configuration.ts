/**
 * Imported before everything else by an entry that people start by hand: adds the variables of a file .env (those that
 * are set already win) and turns a wrong one into a sentence. Other modules read the configuration while they load.
 */
import path from 'node:path';
import { env } from '#lib/env.ts';

try {
  process.loadEnvFile(path.resolve(import.meta.dirname, '../../.env'));
} catch {
  // No such file: nothing to add.
}
try {
  env();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
