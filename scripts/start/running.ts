/** Where the product that uses a data folder can be reached while it runs, for commands that are started beside it. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({ ATTEST_URL: z.string(), DATABASE_URL: z.string() });

/** Notes the addresses; they stay in the folder when the product ends, and lead nowhere then. */
export function noteRunning(dataFolder: string, variables: Readonly<Record<string, string | undefined>>): void {
  const { ATTEST_URL, DATABASE_URL } = variables;
  const file = fileIn(dataFolder);
  fs.writeFileSync(`${file}.${process.pid}`, `${JSON.stringify({ ATTEST_URL, DATABASE_URL })}\n`, { mode: 0o600 });
  fs.renameSync(`${file}.${process.pid}`, file);
}

/** The addresses that were noted last, or undefined. */
export function readRunning(dataFolder: string): z.infer<typeof schema> | undefined {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(fileIn(dataFolder), 'utf8')));
  } catch {
    return undefined;
  }
}

function fileIn(dataFolder: string): string {
  return path.join(dataFolder, 'running.json');
}
