/** Asks the server how far it has read the files that arrived, for as long as one is being read. */
import { z } from 'zod';
import { request } from '../../client/fetch.ts';
import { invalidate } from '../../client/invalidate.ts';
import { isProblem } from '../../client/problem.ts';
import { versionRow } from '../../client/schemas/documents.ts';
import type { Upload, UploadAction } from './upload-state.ts';

const seenEveryMs = 1_000;
const hiddenEveryMs = 10_000;
/** As many as one request may ask for (lib/documents/progress.ts). */
const idsMax = 200;
/** Each failure in a row doubles the wait, up to this many times. */
const failuresCounted = 5;

export const progressAnswer = z.object({ items: z.array(versionRow.extend({ documentId: z.string() })) });

let timer: ReturnType<typeof setTimeout> | undefined;
let failures = 0;

/** Looks again after a while if anything is being read; calling it while it waits changes nothing. */
export function followReading(read: () => readonly Upload[], dispatch: (action: UploadAction) => void): void {
  if (timer !== undefined || reading(read()).length === 0) return;
  const everyMs = document.visibilityState === 'visible' ? seenEveryMs : hiddenEveryMs;
  timer = setTimeout(() => void look(read, dispatch), everyMs * 2 ** Math.min(failures, failuresCounted));
}

async function look(read: () => readonly Upload[], dispatch: (action: UploadAction) => void): Promise<void> {
  try {
    await poll(read, dispatch);
    failures = 0;
  } catch (error) {
    failures += 1;
    // Asking on would open the sign-in question again and again; the next act of the person goes on.
    if (isProblem(error, 'sign-in-required')) return;
  } finally {
    timer = undefined;
  }
  followReading(read, dispatch);
}

async function poll(read: () => readonly Upload[], dispatch: (action: UploadAction) => void): Promise<void> {
  const documentIds = [...new Set(reading(read()).flatMap((upload) => (upload.document === null ? [] : [upload.document.id])))].slice(0, idsMax);
  const { items } = await request(`/api/documents/progress?ids=${documentIds.join(',')}`, { schema: progressAnswer });
  const before = reading(read()).length;
  dispatch({ type: 'polled', documentIds, versions: items });
  if (reading(read()).length === before) return;
  invalidate('/api/collections');
  for (const { documentId, state } of items) if (state === 'ready' || state === 'failed') invalidate(`/api/documents/${documentId}`);
}

function reading(uploads: readonly Upload[]): Upload[] {
  return uploads.filter(({ phase }) => phase === 'reading');
}
