/**
 * The vector of a query, as the embedder that serves now makes it. Reads nothing of any document, so it may be made
 * while a question is still being put on record.
 */
import { logger } from '../log.ts';
import { embed, findReady } from '../models/client.ts';
import type { QueryVector } from './types.ts';

const log = logger('search');
const embedMillisecondsMax = 3000;

/** Null where no embedder is ready or it fails or takes too long: then words alone are looked for. Throws only the abort. */
export async function computeQueryVector(query: string, signal: AbortSignal): Promise<QueryVector | null> {
  if ((await findReady('embedder')) === null) return null;
  try {
    const { vectors, embedder } = await embed([query], { kind: 'query', signal: AbortSignal.any([signal, AbortSignal.timeout(embedMillisecondsMax)]) });
    const vector = vectors[0];
    if (vector === undefined) return null;
    return { vector, embedder: { name: embedder.model ?? '', file: embedder.file, sha256: embedder.sha256 } };
  } catch (error) {
    signal.throwIfAborted();
    log.info({ error: { message: error instanceof Error ? error.message : String(error) } }, 'searched by words alone');
    return null;
  }
}
