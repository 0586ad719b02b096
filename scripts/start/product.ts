/**
 * The whole product on one machine: decides addresses and secrets, then starts database, pages, models, ingestion and
 * sign-in in an order that wastes no time, and stops them in the opposite one. `npm start`, the tests that need a running
 * product and bench:start all use this; what is said to people is theirs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { checkDatabase } from '#lib/db/check.ts';
import { embeddedDatabaseUrl } from '#lib/db/embedded/start.ts';
import { migrate } from '#lib/db/migrate.ts';
import { parseEnv } from '#lib/env.ts';
import { buildWhenChanged, root } from './build.ts';
import { checkDataFolder, checkPort, freePort } from './checks.ts';
import { Child, type Part, type Watcher } from './child.ts';
import { databasePart, ingestPart, modelsPart, signInPart, webPart, type Variables } from './parts.ts';
import { runEntry } from './run-entry.ts';
import { noteRunning } from './running.ts';
import { keepSecrets } from './secrets.ts';

const signInPort = 3803;

export type Product = {
  /** Where people go. */
  readonly address: string;
  readonly variables: Variables;
  /** Process id of each running part, by name. */
  pids: () => Record<string, number>;
  stop: () => Promise<void>;
  /** Ends everything at once, without closing anything in order. */
  kill: () => void;
};

export type Observer = Watcher & {
  step: (sentence: string) => void;
  /** Called before the first process starts, so that an impatient Ctrl-C finds something to stop. */
  started?: (product: Product) => void;
};

/**
 * Decides every variable that was left open and checks what can be checked before anything starts.
 * `given` is what a person set. Throws one sentence when something is wrong.
 */
export async function settle(given: Variables): Promise<Variables> {
  const env = parseEnv(given);
  checkDataFolder(env.DATA_DIR);
  await checkPort(env.WEB_PORT, env.WEB_HOST);
  if (env.DATABASE_URL !== undefined) await checkDatabase(env.DATABASE_URL);
  const secrets = keepSecrets(env.DATA_DIR);
  const hasProvider = env.OIDC_ISSUER !== undefined || env.OIDC_PROVIDERS !== undefined;
  const webPort = env.WEB_PORT === 0 ? await freePort(0, env.WEB_HOST) : env.WEB_PORT;
  const databasePort = env.DATABASE_URL === undefined ? await freePort(env.EMBEDDED_DATABASE_PORT) : 0;
  const modelsPort = await freePort(env.MODELS_PORT, env.MODELS_HOST);
  const ownModels = given['MODELS_URL'] === undefined || given['MODELS_URL'] === '';
  return {
    ...given,
    NODE_ENV: env.NODE_ENV,
    DATA_DIR: env.DATA_DIR,
    MODELS_DIR: env.MODELS_DIR,
    ATTEST_URL: given['ATTEST_URL'] || `http://${env.WEB_HOST.includes(':') ? `[${env.WEB_HOST}]` : env.WEB_HOST}:${webPort}`,
    WEB_HOST: env.WEB_HOST,
    WEB_PORT: String(webPort),
    EMBEDDED_DATABASE_PORT: String(databasePort),
    DATABASE_URL: env.DATABASE_URL ?? embeddedDatabaseUrl(databasePort),
    AUTH_SECRET: env.AUTH_SECRET ?? secrets.AUTH_SECRET,
    MODELS_KEY: env.MODELS_KEY ?? (ownModels ? secrets.MODELS_KEY : undefined),
    MODELS_HOST: env.MODELS_HOST,
    MODELS_PORT: String(modelsPort),
    MODELS_URL: ownModels ? `http://${env.MODELS_HOST}:${modelsPort}` : env.MODELS_URL,
    INGEST_HOST: env.INGEST_HOST,
    INGEST_PORT: String(await freePort(env.INGEST_PORT, env.INGEST_HOST)),
    DEMO: given['DEMO'] || (!hasProvider && env.DATABASE_URL === undefined ? 'on' : 'off'),
    DEMO_ISSUER: !hasProvider ? (env.DEMO_ISSUER ?? `http://127.0.0.1:${await freePort(signInPort)}`) : undefined,
  };
}

/** Starts everything that `variables` (from `settle`) describe; resolves when the pages answer. */
export async function startProduct(given: Variables, observer: Observer): Promise<Product> {
  const variables = await settle(given);
  const running: Child[] = [];
  const interrupted = new AbortController();
  const start = async (part: Part): Promise<void> => {
    if (interrupted.signal.aborted) throw new Error('Stopped.');
    const child = new Child(part, observer);
    running.push(child);
    await child.start();
  };
  const product: Product = {
    address: variables['ATTEST_URL'] ?? '',
    variables,
    pids: () => Object.fromEntries(running.flatMap((child) => (child.pid === undefined ? [] : [[child.part.name, child.pid]]))),
    async stop() {
      interrupted.abort();
      await stopInOrder(running);
    },
    kill() {
      interrupted.abort();
      for (const child of running) child.kill();
    },
  };
  observer.started?.(product);
  try {
    await startParts(variables, start, { observer, signal: interrupted.signal });
    return product;
  } catch (error) {
    await product.stop();
    throw error;
  }
}

type Starting = { readonly observer: Observer; readonly signal: AbortSignal };

async function startParts(variables: Variables, start: (part: Part) => Promise<void>, { observer, signal }: Starting): Promise<void> {
  const building = buildWhenChanged(signal);
  // Its failure is reported when awaited below; without this a failed build would end the process while the database starts.
  building.catch(() => undefined);
  const models = start(modelsPart(variables));
  models.catch(() => undefined);
  if (variables['EMBEDDED_DATABASE_PORT'] !== '0') await start(databasePart(variables));
  noteRunning(variables['DATA_DIR'] ?? '', variables);
  observer.step('Database ready');
  await migrate(variables['DATABASE_ADMIN_URL'] || variables['DATABASE_URL'] || '', variables['DATABASE_URL']);
  // From here on each part needs the tables only, so all of them start at once.
  await Promise.all([
    variables['DEMO'] === 'on' ? runEntry(path.join(root, 'scripts/seed.ts'), variables).then(() => observer.step('Demo company in place')) : undefined,
    variables['DEMO_ISSUER'] === undefined ? undefined : start(signInPart(variables)),
    Promise.all([models, start(ingestPart(variables))]).then(() => observer.step('Models and ingestion ready')),
    building.then(() => start(webPart(variables))).then(() => observer.step('Pages ready')),
  ]);
}

/** Those that take requests first, then those that work, the database last. */
async function stopInOrder(running: readonly Child[]): Promise<void> {
  for (const names of [['web'], ['ingest'], ['models', 'sign-in'], ['database']]) {
    await Promise.all(running.filter((child) => names.includes(child.part.name)).map((child) => child.stop()));
  }
}

/** True when the data folder has been used before. */
export function isFirstStart(dataFolder: string): boolean {
  return !fs.existsSync(path.join(dataFolder, 'secrets.json'));
}
