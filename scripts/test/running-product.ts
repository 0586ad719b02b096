/**
 * A whole product for the HTTP and browser tests, started by the same code as `npm start`, with data, ports and (on a
 * server) a database of its own. Models are files in a folder that tests may change: ATTEST_TEST_MODELS_DIR. It starts
 * with the embedder named by ATTEST_TEST_EMBEDDER where there is one and with no generator, so answers are quotations
 * until a test places a generator; taking the file away brings quotations back.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDatabaseOn } from '#lib/db/testing.ts';
import { scratchFolder, surroundings } from '#lib/env.ts';
import { LogFile } from '../start/logs.ts';
import { watchIngestion } from '../start/progress.ts';
import { startProduct, type Product } from '../start/product.ts';

const ingestionMsMax = 240_000;

export type RunningProduct = {
  /** Variables for the tests. */
  readonly environment: Record<string, string | undefined>;
  readonly dataFolder: string;
  /** Stops it. `keep` leaves the data folder with its logs for a look. */
  stop: (keep: boolean) => Promise<void>;
};

/** Builds, starts, seeds, and waits until every demo document is ready or failed. */
export async function startTestProduct(): Promise<RunningProduct> {
  const given = surroundings();
  const dataFolder = fs.mkdtempSync(path.join(scratchFolder, 'attest-product-'));
  const modelsFolder = path.join(dataFolder, 'models');
  fs.mkdirSync(modelsFolder);
  const embedder = given['ATTEST_TEST_EMBEDDER'];
  if (embedder) fs.copyFileSync(embedder, path.join(modelsFolder, path.basename(embedder)));
  const server = given['DATABASE_URL'] ? await makeDatabaseOn(given['DATABASE_URL']) : undefined;
  const product = await startProduct(
    {
      ...given,
      DATA_DIR: dataFolder,
      DATABASE_URL: server?.url,
      DATABASE_ADMIN_URL: undefined,
      MODELS_DIR: modelsFolder,
      MODELS_DOWNLOAD: 'off',
      DEMO: 'on',
      WEB_PORT: '0',
      MODELS_PORT: '0',
      INGEST_PORT: '0',
      NODE_ENV: 'production',
      AUTH_SECRET: randomBytes(32).toString('hex'),
    },
    quietObserver(dataFolder),
  ).catch(async (error: unknown) => {
    await server?.stop();
    throw error;
  });
  await waitForDocuments(product.variables['DATABASE_URL'] ?? '');
  const pidsFile = path.join(dataFolder, 'pids.json');
  const stopTelling = tellPids(product, pidsFile);
  return {
    dataFolder,
    environment: {
      ...given,
      ATTEST_TEST_URL: product.address,
      ATTEST_TEST_MODELS_DIR: modelsFolder,
      ATTEST_TEST_MODELS_URL: product.variables['MODELS_URL'],
      ATTEST_TEST_MODELS_KEY: product.variables['MODELS_KEY'],
      ATTEST_TEST_DATABASE_URL: product.variables['DATABASE_URL'],
      ATTEST_TEST_DATA_DIR: dataFolder,
      ATTEST_TEST_PIDS: pidsFile,
    },
    async stop(keep) {
      stopTelling();
      await product.stop();
      await server?.stop();
      if (!keep) fs.rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

async function waitForDocuments(url: string): Promise<void> {
  const limit = AbortSignal.timeout(ingestionMsMax);
  const progress = await watchIngestion(url, () => {}, limit);
  if (progress.ready + progress.failed < progress.total) throw new Error(`Only ${progress.ready} of ${progress.total} documents were ready in time.`);
  // Lets the worker finish the transaction that made the last one ready.
  await sleep(200);
}

/** Keeps the process id of each part in a file, for tests that kill one; a part that was started again has a new one. */
function tellPids(product: Product, file: string): () => void {
  let told = '';
  const tell = (): void => {
    const pids = JSON.stringify(product.pids());
    if (pids === told) return;
    told = pids;
    fs.writeFileSync(`${file}.new`, pids);
    fs.renameSync(`${file}.new`, file);
  };
  tell();
  const timer = setInterval(tell, 100).unref();
  return () => clearInterval(timer);
}

function quietObserver(dataFolder: string): Parameters<typeof startProduct>[1] {
  const files = new Map<string, LogFile>();
  return {
    step: () => {},
    // Tests break things on purpose; what the parts say of it stands in the logs that a failed run keeps.
    line(part, _line, raw) {
      const file = files.get(part) ?? new LogFile(path.join(dataFolder, 'logs'), part);
      files.set(part, file);
      file.write(raw);
    },
  };
}
