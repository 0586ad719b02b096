/**
 * Secrets that an installation needs and nobody should have to invent: made at the first start and kept in
 * DATA_DIR/secrets.json, readable by the owner only. A variable that is set always wins.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const schema = z.object({ AUTH_SECRET: z.string().min(32), MODELS_KEY: z.string().min(32) });

export type Secrets = Readonly<z.infer<typeof schema>>;

/** Reads the secrets of that data folder, making them when there are none. Throws a sentence when the file is damaged. */
export function keepSecrets(dataFolder: string): Secrets {
  const file = path.join(dataFolder, 'secrets.json');
  if (!fs.existsSync(file)) writeSecrets(file);
  const parsed = schema.safeParse(readJson(file));
  if (!parsed.success) {
    throw new Error(`The file ${file} is damaged. Restore it from a backup, or delete it: everybody then has to sign in again.`);
  }
  return parsed.data;
}

function writeSecrets(file: string): void {
  const secrets: Secrets = { AUTH_SECRET: randomBytes(32).toString('base64url'), MODELS_KEY: randomBytes(32).toString('base64url') };
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  fs.renameSync(draft, file);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
