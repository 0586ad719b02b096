/**
 * A first load in a child process. llama.cpp ends its whole process on some damaged files whose header is in order,
 * so a file that is not registered must first load, answer once and exit cleanly here.
 * Run as a program: `node trial.ts <role> <file> <threads>`; the sentence of a refusal goes to standard output.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '#lib/errors.ts';
import type { ModelRole } from '../types.ts';

const trialMsMax = 300_000;

/** Why `file` did not survive its first use in that role (`model-file-invalid`, `model-unsuitable`), or undefined when it did. */
export async function tryModel(role: ModelRole, file: string, threads: number): Promise<Problem | undefined> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), role, file, String(threads)], {
    // Nothing secret goes along: no key, no database address.
    env: { NODE_ENV: 'production', PATH: path.dirname(process.execPath), LOG_LEVEL: 'silent' },
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: trialMsMax,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (said = (said + piece.toString('utf8')).slice(-2000)));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code === 0) return undefined;
  const detail = code === 3 && said !== '' ? said : 'The model file cannot be used: llama.cpp broke down on a first trial of it.';
  return new Problem(code === 3 ? 'model-unsuitable' : 'model-file-invalid', { detail });
}

async function main(role: string, file: string, threads: number): Promise<void> {
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: 'auto', build: 'never', skipDownload: true, progressLogs: false, maxThreads: threads, logLevel: LlamaLogLevel.disabled });
  const model = await llama.loadModel({ modelPath: file });
  const contextSize = Math.min(256, model.trainContextSize);
  if (role === 'generator') await tryWriting(await model.createContext({ contextSize, threads: 1 }));
  else if (role === 'embedder') await (await model.createEmbeddingContext({ contextSize, batchSize: contextSize, threads: 1 })).getEmbeddingFor('trial');
  else await (await model.createRankingContext({ contextSize, batchSize: contextSize, threads: 1 })).rank('trial', 'trial');
}

async function tryWriting(context: import('node-llama-cpp').LlamaContext): Promise<void> {
  const sequence = context.getSequence();
  for await (const _token of sequence.evaluate(context.model.tokenize('trial'), { temperature: 0, yieldEogToken: true })) return;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [role = '', file = '', threads = '1'] = process.argv.slice(2);
  main(role, file, Number(threads)).then(() => process.exit(0), (error: unknown) => {
    const memory = error instanceof Error && error.constructor.name === 'InsufficientMemoryError';
    if (memory) process.stdout.write('There is not enough memory to load this model. Choose a smaller one.');
    process.exit(memory ? 3 : 2);
  });
}
