/**
 * `npm run models:pull`: downloads the default models into MODELS_DIR, for machines that are cut off afterwards.
 * `npm run models:pull -- --all` takes every registered model, `-- <id> ...` the named ones. Prints one line per model.
 */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { env } from '#lib/env.ts';
import { grantedCores, grantedMemoryBytes } from '#lib/models/cores.ts';
import { downloadModel } from '#lib/models/download.ts';
import { hashFile } from '#lib/models/hash.ts';
import { chooseDefaults, registeredModels, type RegisteredModel } from '#lib/models/registry.ts';

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6).toLocaleString('en-US')} MB`;

function chooseModels(wanted: readonly string[]): readonly RegisteredModel[] {
  if (wanted.includes('--all')) return registeredModels;
  if (wanted.length === 0) return chooseDefaults({ cores: grantedCores(), memoryBytes: grantedMemoryBytes() });
  const unknown = wanted.filter((id) => !registeredModels.some((model) => model.id === id));
  if (unknown.length > 0) throw new Error(`There is no registered model named ${unknown.join(', ')}. Known: ${registeredModels.map((model) => model.id).join(', ')}.`);
  return registeredModels.filter((model) => wanted.includes(model.id));
}

async function pull(model: RegisteredModel): Promise<void> {
  const { MODELS_DIR, MODELS_HUB_URL } = env();
  const file = path.join(MODELS_DIR, model.file);
  const title = `${model.name} (${model.role}, ${model.licence}, ${megabytes(model.bytes)})`;
  if (existsSync(file)) {
    const intact = (await hashFile(file)) === model.sha256;
    if (!intact) throw new Error(`${file} is there and is not the registered model. Move it away and run this again.`);
    process.stdout.write(`${title}: already there, verified\n`);
    return;
  }
  let shown = 0;
  await downloadModel({
    url: MODELS_HUB_URL + model.hubPath, file, sha256: model.sha256, bytes: model.bytes,
    onProgress: ({ state, bytesDone }) => {
      if (!process.stdout.isTTY || Date.now() - shown < 200) return;
      shown = Date.now();
      process.stdout.write(`\r${title}: ${state} ${megabytes(bytesDone)} (${Math.floor((bytesDone / model.bytes) * 100)} %)   `);
    },
  });
  process.stdout.write(`${process.stdout.isTTY ? '\r' : ''}${title}: stored and verified                    \n`);
}

try {
  mkdirSync(env().MODELS_DIR, { recursive: true });
  for (const model of chooseModels(process.argv.slice(2))) await pull(model);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The models could not be downloaded.'}\n`);
  process.exitCode = 1;
}
