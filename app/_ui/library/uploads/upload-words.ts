/** The upload tray in words: one file, all of them, and what a screen reader is told. Pure. */
import { bytesInWords } from '../../primitives/bytes-in-words.ts';
import { versionInWords } from '../version-words.ts';
import { isFinished, isSending, type Upload } from './upload-state.ts';

/** Share of the bar that the bytes take; reading takes the rest. */
const sendingShare = 0.5;
const readingFrom = 0.6;

/** The state of one file: "1.2 MB of 4.5 MB sent", "12 of 40 passages embedded". */
export function uploadInWords(upload: Upload): string {
  switch (upload.phase) {
    case 'queued':
      return 'Waits for its turn';
    case 'checking':
      return 'Starting';
    case 'asking':
      return `“${upload.twin?.title ?? upload.fileName}” has the same file name. Is this a new version of it?`;
    case 'sending':
      return upload.bytesSent >= upload.bytes ? 'Being checked' : `${bytesInWords(upload.bytesSent)} of ${bytesInWords(upload.bytes)} sent`;
    case 'reading':
      return upload.version === null ? 'Arrived' : versionInWords(upload.version);
    case 'ready':
      return upload.version === null ? 'Ready' : versionInWords({ ...upload.version, state: 'ready' });
    case 'failed':
    case 'refused':
      return upload.problem?.detail ?? 'The file could not be uploaded.';
    case 'cut-off':
      return 'Cut off when the page was left. Upload it again.';
  }
}

/** From 0 to 1 over the whole way: bytes, reading, embedding. */
export function uploadProgress(upload: Upload): number {
  if (upload.phase === 'ready') return 1;
  if (upload.phase !== 'reading') return upload.bytes === 0 ? 0 : (upload.bytesSent / upload.bytes) * sendingShare;
  const version = upload.version;
  if (version === null || version.state === 'waiting') return sendingShare;
  if (version.state !== 'embedding' || version.chunkCount === 0) return readingFrom;
  return readingFrom + (version.chunksEmbedded / version.chunkCount) * (1 - readingFrom);
}

/** One line over all files, for the head of the tray. */
export function uploadsInWords(uploads: readonly Upload[]): string {
  const count = (test: (upload: Upload) => boolean): number => uploads.filter(test).length;
  const sending = count(isSending);
  if (sending > 0) return `Uploading ${uploads.length - sending + 1} of ${uploads.length}`;
  const reading = count(({ phase }) => phase === 'reading');
  if (reading > 0) return `${files(reading)} being read`;
  const parts = [
    [count(({ phase }) => phase === 'ready'), 'ready'],
    [count(({ phase }) => phase === 'failed' || phase === 'refused'), 'failed'],
    [count(({ phase }) => phase === 'cut-off'), 'cut off'],
  ] as const;
  return parts.filter(([amount]) => amount > 0).map(([amount, word], index) => `${index === 0 ? files(amount) : amount} ${word}`).join(', ');
}

/** What changed enough to be said aloud; empty when nothing did. Progress is never announced, only what it led to. */
export function announcement(before: readonly Upload[], after: readonly Upload[]): string {
  const known = new Map(before.map((upload) => [upload.id, upload]));
  const added = after.filter(({ id, phase }) => !known.has(id) && phase === 'queued').length;
  const changed = after.filter(({ id, phase }) => known.get(id)?.phase !== phase);
  const trouble = changed.filter(({ phase }) => phase === 'failed' || phase === 'refused' || phase === 'asking' || phase === 'cut-off');
  const done = before.some((upload) => !isFinished(upload)) && after.length > 0 && after.every(isFinished);
  const sentences = [
    added > 0 ? `${files(added)} added.` : '',
    ...trouble.map((upload) => `${upload.fileName}: ${uploadInWords(upload)}`),
    done ? `Uploads finished: ${uploadsInWords(after)}.` : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

function files(amount: number): string {
  return `${amount} ${amount === 1 ? 'file' : 'files'}`;
}
