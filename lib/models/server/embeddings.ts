/** `POST /v1/embeddings` and `POST /v1/rerank`. Know the wire shapes; the work is in embedder.ts and reranker.ts. */
import { parseBody, embeddingsRequest, rerankRequest } from './requests.ts';
import type { Roster } from './roster.ts';

type Call = { body: unknown; signal: AbortSignal };

/** Vectors of length 1. `truncated` lists the inputs that were cut, when `truncate` was asked for. */
export async function embedTexts(roster: Roster, { body, signal }: Call): Promise<unknown> {
  const request = parseBody(embeddingsRequest, body);
  const embedder = roster.serving('embedder', request.model);
  const truncate = request.truncate ?? false;
  const embedded = await embedder.embed({ texts: request.input, truncate, signal });
  const tokens = embedded.reduce((sum, one) => sum + one.tokens, 0);
  const encode = request.encoding_format === 'base64' ? toBase64 : (vector: Float32Array) => Array.from(vector);
  return {
    object: 'list',
    model: embedder.source.id,
    system_fingerprint: `sha256:${embedder.source.sha256}`,
    data: embedded.map(({ vector }, index) => ({ object: 'embedding', index, embedding: encode(vector) })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
    ...(truncate ? { truncated: embedded.flatMap(({ truncated }, index) => (truncated ? [index] : [])) } : {}),
  };
}

/** Little-endian 32-bit floats, as OpenAI's client decodes them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}

export async function rerankPassages(roster: Roster, { body, signal }: Call): Promise<unknown> {
  const request = parseBody(rerankRequest, body);
  const reranker = roster.serving('reranker', request.model ?? 'reranker');
  const ranked = await reranker.rerank({ query: request.query, passages: request.documents, signal });
  return {
    model: reranker.source.id,
    results: ranked.slice(0, request.top_n ?? ranked.length).map(({ index, score }) => ({
      index,
      relevance_score: score,
      ...(request.return_documents ? { document: { text: request.documents[index] } } : {}),
    })),
  };
}
