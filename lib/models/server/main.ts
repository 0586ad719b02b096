/**
 * The models process: an OpenAI-compatible server over llama.cpp. Answers HTTP at once, loads models in the background,
 * looks for new files every few seconds, downloads the defaults when allowed, and ends cleanly on SIGTERM and SIGINT.
 */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { env } from '#lib/env.ts';
import { logger } from '#lib/log.ts';
import { onShutdown } from '#lib/shutdown.ts';
import { grantedCores, grantedMemoryBytes, inferenceThreads, teamThreads } from '../cores.ts';
import { modelChoice } from '../model-choice.ts';
import { chooseDefaults } from '../registry.ts';
import { Catalogue } from './catalogue.ts';
import { completeChat } from './chat.ts';
import { Choices } from './choices.ts';
import { describeStatus, listModels, type Described } from './describe.ts';
import { Downloads } from './downloads.ts';
import { embedTexts, rerankPassages } from './embeddings.ts';
import { createModelsServer, type Routes } from './http.ts';
import { disposeLlama } from './llama.ts';
import { parseBody, requestLimits } from './requests.ts';
import { Roster } from './roster.ts';

const log = logger('models');
const lookMs = 2000;
/** Running answers get this long to finish after a stop was asked for. */
const goodbyeMsMax = 8000;

function assemble(stop: AbortSignal): Described {
  const { MODELS_DIR: folder, MODELS_HUB_URL: hubUrl, MODELS_THREADS } = env();
  const machine = { threads: inferenceThreads(MODELS_THREADS), teamThreads: teamThreads(MODELS_THREADS), memoryBytes: grantedMemoryBytes() };
  const choices = new Choices(folder);
  const catalogue = new Catalogue(folder);
  const roster = new Roster({ catalogue, choices, machine });
  const missing = async () => {
    await roster.reconcile();
    const defaults = chooseDefaults({ cores: grantedCores(), memoryBytes: machine.memoryBytes });
    return defaults.filter(({ role, file }) => {
      const { serving, chosen } = roster.post(role);
      return serving === null && !chosen && !existsSync(path.join(folder, file));
    });
  };
  const downloads = new Downloads({ folder, hubUrl, missing, onArrival: () => roster.reconcile(), signal: stop });
  return { catalogue, roster, downloads, threads: machine.threads };
}

function makeRoutes(described: Described): Routes {
  const { roster } = described;
  return {
    'GET /health': { bytesMax: 0, open: true, handle: () => ({ status: 'ok' }) },
    'GET /v1/models': { bytesMax: 0, handle: () => listModels(described) },
    'GET /v1/attest/status': { bytesMax: 0, handle: () => describeStatus(described) },
    'PUT /v1/attest/roles': {
      bytesMax: requestLimits.rolesBytesMax,
      handle: async ({ body }) => {
        const { role, file, automatic } = parseBody(modelChoice, body);
        await (automatic ? roster.release(role) : roster.choose(role, file ?? null));
        return describeStatus(described);
      },
    },
    'POST /v1/chat/completions': { bytesMax: requestLimits.chatBytesMax, handle: (call) => completeChat(roster, call) },
    'POST /v1/embeddings': { bytesMax: requestLimits.embeddingsBytesMax, handle: (call) => embedTexts(roster, call) },
    'POST /v1/rerank': { bytesMax: requestLimits.rerankBytesMax, handle: (call) => rerankPassages(roster, call) },
  };
}

function main(): void {
  const { MODELS_DIR, MODELS_HOST, MODELS_PORT, MODELS_KEY, MODELS_DOWNLOAD } = env();
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(MODELS_HOST);
  if (!loopback && MODELS_KEY === undefined) return fail('MODELS_HOST is not a loopback address, so MODELS_KEY must be set.');
  try {
    mkdirSync(MODELS_DIR, { recursive: true });
  } catch {
    log.warn({ folder: MODELS_DIR }, 'the models folder cannot be made; no model will be found');
  }
  const stop = new AbortController();
  const described = assemble(stop.signal);
  const server = createModelsServer(makeRoutes(described), MODELS_KEY);
  server.once('error', (error) => fail(`The models process cannot listen on ${MODELS_HOST}:${MODELS_PORT}: ${error.message}`));
  server.listen(MODELS_PORT, MODELS_HOST, () => {
    const address = server.address();
    log.info({ host: MODELS_HOST, port: typeof address === 'object' ? address?.port : MODELS_PORT, threads: described.threads }, 'models process listens');
  });
  let busy = false;
  const look = async () => {
    // A load may take minutes; looking meanwhile would only queue up behind it.
    if (busy) return;
    busy = true;
    await described.roster.reconcile().catch((error: unknown) => log.error({ error }, 'the models folder could not be read'));
    busy = false;
  };
  const looking = setInterval(() => void look(), lookMs);
  void look();
  if (MODELS_DOWNLOAD === 'on') described.downloads.run().catch((error: unknown) => log.error({ error }, 'downloads stopped'));
  process.on('unhandledRejection', (error) => log.error({ error }, 'a failure was not handled'));

  onShutdown(async () => {
    log.info('models process stops');
    clearInterval(looking);
    stop.abort();
    server.close();
    server.closeIdleConnections();
    // A model that is just being loaded, or an answer that takes too long, is not waited for.
    await Promise.race([described.roster.close().then(disposeLlama), sleep(goodbyeMsMax)]);
  });
}

function fail(sentence: string): void {
  log.fatal(sentence);
  process.exitCode = 1;
  setTimeout(() => process.exit(1), 50).unref();
}

main();
