/** A file as a request brings it: the raw body, read as it arrives, and what its headers and address say about it. */
import { z } from 'zod';
import { env } from '../env.ts';
import type { Upload } from '../documents/write.ts';

/** Query of every route that takes a file. */
export const uploadQuery = z.object({
  /** The file's name on the sender's machine. */
  name: z.string().min(1, 'is missing').max(1000, 'is longer than 1,000 characters'),
  /** Lower-case hex; when given, a file with another hash is refused. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex').optional(),
});

/** The upload that this request carries. Nothing of the body is read here. */
export function uploadOf(request: Request, query: z.infer<typeof uploadQuery>): Upload {
  const announced = request.headers.get('content-length');
  return {
    fileName: query.name,
    body: request.body ?? nothing(),
    bytesMax: env().UPLOAD_BYTES_MAX,
    ...(announced !== null && /^\d+$/.test(announced) ? { bytesExpected: Number(announced) } : {}),
    ...(query.sha256 === undefined ? {} : { sha256Expected: query.sha256 }),
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // A request without a body is an empty file.
}
