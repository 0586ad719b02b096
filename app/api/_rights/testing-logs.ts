/** Imported first: has everything logged, and keeps every line that the logger writes instead of printing it. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { overrideEnv } from '#lib/env.ts';

overrideEnv({ LOG_LEVEL: 'trace' });

const stderr = 2;
const write = fs.writeSync;
let kept = '';

/** What was logged since the last call. */
export function takeLogged(): string {
  const taken = kept;
  kept = '';
  return taken;
}

// The logger writes text synchronously to standard error (lib/log.ts).
fs.writeSync = ((...given: Parameters<typeof write>): number => {
  const [file, bytes]: readonly unknown[] = given;
  if (file !== stderr) return write(...given);
  const line = String(bytes);
  kept += line;
  return Buffer.byteLength(line);
}) as typeof write;
syncBuiltinESMExports();
