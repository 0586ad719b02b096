/**
 * The default models by name, with licence, origin and SHA-256. A model is listed only when its hash was found published
 * in several independent places that agree (docs/decisions tells how); nothing else is ever downloaded.
 * All are Apache-2.0 or MIT and use dense attention, so that a shared beginning of two prompts is computed once.
 */
import type { ModelRole } from './types.ts';

export type RegisteredModel = Readonly<{
  id: string;
  role: ModelRole;
  name: string;
  licence: 'Apache-2.0' | 'MIT';
  /** File name in MODELS_DIR. */
  file: string;
  /** Path on the hub, pinned to one revision. */
  hubPath: string;
  bytes: number;
  /** Hex. */
  sha256: string;
  /** What the embedder was trained to see before a search query. */
  queryPrefix?: string;
  passagePrefix?: string;
}>;

export const registeredModels: readonly RegisteredModel[] = [
  {
    id: 'Qwen3-0.6B-Q8_0', role: 'generator', name: 'Qwen3 0.6B', licence: 'Apache-2.0', file: 'Qwen3-0.6B-Q8_0.gguf',
    hubPath: '/Qwen/Qwen3-0.6B-GGUF/resolve/23749fefcc72300e3a2ad315e1317431b06b590a/Qwen3-0.6B-Q8_0.gguf',
    bytes: 639_446_688, sha256: '9465e63a22add5354d9bb4b99e90117043c7124007664907259bd16d043bb031',
  },
  {
    id: 'Qwen3-1.7B-Q8_0', role: 'generator', name: 'Qwen3 1.7B', licence: 'Apache-2.0', file: 'Qwen3-1.7B-Q8_0.gguf',
    hubPath: '/Qwen/Qwen3-1.7B-GGUF/resolve/90862c4b9d2787eaed51d12237eafdfe7c5f6077/Qwen3-1.7B-Q8_0.gguf',
    bytes: 1_834_426_016, sha256: '061b54daade076b5d3362dac252678d17da8c68f07560be70818cace6590cb1a',
  },
  {
    id: 'Qwen3-4B-Q4_K_M', role: 'generator', name: 'Qwen3 4B', licence: 'Apache-2.0', file: 'Qwen3-4B-Q4_K_M.gguf',
    hubPath: '/Qwen/Qwen3-4B-GGUF/resolve/bc640142c66e1fdd12af0bd68f40445458f3869b/Qwen3-4B-Q4_K_M.gguf',
    bytes: 2_497_280_256, sha256: '7485fe6f11af29433bc51cab58009521f205840f5b4ae3a32fa7f92e8534fdf5',
  },
  {
    id: 'bge-small-en-v1.5-q8_0', role: 'embedder', name: 'BGE small English 1.5', licence: 'MIT', file: 'bge-small-en-v1.5-q8_0.gguf',
    hubPath: '/CompendiumLabs/bge-small-en-v1.5-gguf/resolve/d32f8c040ea3b516330eeb75b72bcc2d3a780ab7/bge-small-en-v1.5-q8_0.gguf',
    bytes: 36_806_944, sha256: 'ec38e8da142596baa913124ae50550de284b6916bf59577ef2f0cb9660c2f514',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
  },
  {
    id: 'bge-reranker-v2-m3-Q8_0', role: 'reranker', name: 'BGE reranker v2 m3', licence: 'Apache-2.0', file: 'bge-reranker-v2-m3-Q8_0.gguf',
    hubPath: '/gpustack/bge-reranker-v2-m3-GGUF/resolve/3093af03b1a635e67b084b1d8c03c5f5e020fd05/bge-reranker-v2-m3-Q8_0.gguf',
    bytes: 635_676_416, sha256: 'a43c7c9b11a4c1517e5bf95151960e1621d1b72f7a493364b01e386cf1aaa1d3',
  },
];

/** The registered model with that hash. The file's name does not matter: the bytes do. */
export function findRegistered(sha256: string | null): RegisteredModel | undefined {
  return registeredModels.find((model) => model.sha256 === sha256);
}

const gibibyte = 2 ** 30;

/**
 * What to download on this machine: the generator by memory and cores, and the embedder. Reading a prompt costs about
 * two operations per weight and token, so few cores get a small generator: 0.6B reads 2,000 tokens in about half a minute
 * on two cores, where 4B needs three. The reranker is only worth its time on many cores.
 */
export function chooseDefaults(machine: { cores: number; memoryBytes: number }): RegisteredModel[] {
  const strong = machine.cores >= 8 && machine.memoryBytes >= 12 * gibibyte;
  const medium = machine.cores >= 4 && machine.memoryBytes >= 7 * gibibyte;
  const generator = strong ? 'Qwen3-4B-Q4_K_M' : medium ? 'Qwen3-1.7B-Q8_0' : 'Qwen3-0.6B-Q8_0';
  const wanted = ['bge-small-en-v1.5-q8_0', generator, ...(strong ? ['bge-reranker-v2-m3-Q8_0'] : [])];
  return wanted.flatMap((id) => registeredModels.filter((model) => model.id === id));
}
