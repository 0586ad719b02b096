import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegisteredModel } from '../registry.ts';
import { makeModelsDir, startModelsProcess } from '../testing.ts';
import { tinyGenerator } from '../testing-gguf.ts';
import { Downloads } from './downloads.ts';

const bytes = tinyGenerator({ name: 'default' });
const model: RegisteredModel = {
  id: 'default', role: 'generator', name: 'Default', licence: 'MIT', file: 'default.gguf', hubPath: '/a/b/resolve/c/default.gguf',
  bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex'),
};
const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function makeFolder(): Promise<string> {
  const folder = await makeModelsDir([]);
  folders.push(folder);
  return folder;
}

test('a hub that comes back later is used then, and the arrival is told', async () => {
  let up = false;
  const server = createServer((_request, response) => void (up ? response.writeHead(200, { 'content-length': bytes.length }).end(bytes) : response.writeHead(404).end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const folder = await makeFolder();
  const stop = new AbortController();
  let arrived = 0;
  const downloads = new Downloads({
    folder, hubUrl: `http://127.0.0.1:${address.port}`, signal: stop.signal, retryMs: 20,
    missing: async () => (arrived === 0 ? [model] : []), onArrival: async () => void (arrived += 1),
  });
  const running = downloads.run();
  while (downloads.list[0]?.problem === null || downloads.list[0] === undefined) await sleep(5);
  assert.deepEqual([downloads.list[0].state, downloads.list[0].bytesTotal, downloads.list[0].licence], ['waiting', bytes.length, 'MIT']);
  assert.match(downloads.list[0].problem, /does not give out this model \(status 404\)\.$/);
  up = true;
  await running;
  assert.deepEqual([arrived, downloads.list], [1, []]);
  assert.deepEqual(await readFile(path.join(folder, model.file)), bytes);
  server.closeAllConnections();
  server.close();
});

test('without a network the process serves, says so once for each model, and stops cleanly in the middle', async () => {
  const models = await startModelsProcess({ modelsDir: await makeFolder(), variables: { MODELS_DOWNLOAD: 'on', MODELS_HUB_URL: 'http://127.0.0.1:9' } });
  const status = await models.waitFor(({ downloads }) => downloads.length >= 2);
  assert.deepEqual([...new Set(status.downloads.map((download) => download.role))].sort().slice(0, 2), ['embedder', 'generator']);
  assert.equal(status.roles.generator.state, 'none');
  assert.equal(await models.stop(), 0);
});

test('nothing is downloaded for roles that files on disk serve', async () => {
  const models = await startModelsProcess({ variables: { MODELS_DOWNLOAD: 'on', MODELS_HUB_URL: 'http://127.0.0.1:9' } });
  await sleep(500);
  assert.deepEqual((await models.status()).downloads.filter((download) => download.role !== 'reranker'), []);
  assert.equal(await models.stop(), 0);
});
