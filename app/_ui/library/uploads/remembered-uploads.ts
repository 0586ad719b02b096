/**
 * The tray kept in this window's session storage, so that a reload brings it back: files whose bytes had arrived go on,
 * the others are named as cut off. File contents are never kept. One entry per member; a sign-out removes it (it begins
 * with the prefix of drafts).
 */
import { z } from 'zod';
import { versionStates } from '#lib/documents/types.ts';
import { draftPrefix } from '../../client/draft.ts';
import { isSending, type Upload } from './upload-state.ts';

const rememberedMax = 300;

const schema = z.array(
  z.object({
    id: z.string(),
    fileName: z.string(),
    bytes: z.number(),
    target: z.object({ kind: z.enum(['collection', 'document']), id: z.string(), name: z.string() }),
    phase: z.enum(['queued', 'checking', 'asking', 'sending', 'reading', 'ready', 'failed', 'refused', 'cut-off']),
    bytesSent: z.number(),
    twin: z.object({ id: z.string(), title: z.string() }).nullable(),
    decided: z.boolean(),
    document: z.object({ id: z.string(), title: z.string() }).nullable(),
    version: z
      .object({
        id: z.string(),
        state: z.enum(versionStates),
        chunkCount: z.number(),
        chunksEmbedded: z.number(),
        warnings: z.array(z.object({ message: z.string(), page: z.number().exactOptional() })),
      })
      .nullable(),
    problem: z.object({ code: z.string(), detail: z.string(), documentId: z.string().nullable() }).nullable(),
  }),
) satisfies z.ZodType<Upload[]>;

/** What is left of the tray after the page was left: `stored` is what `storedForm` made. Anything unreadable is nothing. */
export function restoredFrom(stored: string | null): Upload[] {
  const uploads = schema.safeParse(parseJson(stored)).data ?? [];
  return uploads.map((upload) => (isSending(upload) ? { ...upload, phase: 'cut-off', bytesSent: 0 } : upload));
}

/** The newest files of the tray as text. */
export function storedForm(uploads: readonly Upload[]): string {
  return JSON.stringify(uploads.slice(-rememberedMax));
}

export function recallUploads(memberId: string): Upload[] {
  try {
    return restoredFrom(sessionStorage.getItem(keyOf(memberId)));
  } catch {
    return [];
  }
}

export function rememberUploads(memberId: string, uploads: readonly Upload[]): void {
  try {
    if (uploads.length === 0) sessionStorage.removeItem(keyOf(memberId));
    else sessionStorage.setItem(keyOf(memberId), storedForm(uploads));
  } catch {
    // Storage may be full or switched off; the tray then lives as long as the page.
  }
}

function keyOf(memberId: string): string {
  return `${draftPrefix}uploads:${memberId}`;
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
