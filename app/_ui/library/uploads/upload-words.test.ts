/** The upload tray in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newUpload, type Upload } from './upload-state.ts';
import { announcement, uploadInWords, uploadProgress, uploadsInWords } from './upload-words.ts';

const collection = { kind: 'collection', id: 'c1', name: 'Travel' } as const;
const upload = (change: Partial<Upload> = {}): Upload => ({ ...newUpload(change.id ?? 'u1', { name: 'a.pdf', size: 4 * 1024 * 1024 }, collection), ...change });
const embedding = { id: 'v1', state: 'embedding', chunkCount: 40, chunksEmbedded: 10, warnings: [] } as const;

test('a file says how much of it is sent, then how far it is read', () => {
  assert.equal(uploadInWords(upload({ phase: 'sending', bytesSent: 1024 * 1024 })), '1 MB of 4 MB sent');
  assert.equal(uploadInWords(upload({ phase: 'sending', bytesSent: 4 * 1024 * 1024 })), 'Being checked');
  assert.equal(uploadInWords(upload({ phase: 'reading', version: { ...embedding, warnings: [] } })), '10 of 40 passages embedded');
});

test('the bar never goes back on the way from the first byte to ready', () => {
  const way = [
    upload(),
    upload({ phase: 'sending', bytesSent: 1024 }),
    upload({ phase: 'sending', bytesSent: 4 * 1024 * 1024 }),
    upload({ phase: 'reading', version: { ...embedding, state: 'waiting', warnings: [] } }),
    upload({ phase: 'reading', version: { ...embedding, state: 'parsing', warnings: [] } }),
    upload({ phase: 'reading', version: { ...embedding, warnings: [] } }),
    upload({ phase: 'ready' }),
  ].map(uploadProgress);
  assert.deepEqual(way, [...way].sort((left, right) => left - right));
  assert.equal(way.at(-1), 1);
});

test('the head of the tray counts in one line', () => {
  const some = (...phases: Upload['phase'][]): Upload[] => phases.map((phase, index) => upload({ id: `u${index}`, phase }));
  assert.equal(uploadsInWords(some('ready', 'sending', 'queued')), 'Uploading 2 of 3');
  assert.equal(uploadsInWords(some('reading', 'ready')), '1 file being read');
  assert.equal(uploadsInWords(some('ready', 'ready', 'failed', 'refused', 'cut-off')), '2 files ready, 2 failed, 1 cut off');
  assert.equal(uploadsInWords(some('refused')), '1 file failed');
});

test('progress is not announced; files added, trouble and the end are', () => {
  const queued = [upload()];
  const sending = [upload({ phase: 'sending', bytesSent: 1 })];
  assert.equal(announcement([], queued), '1 file added.');
  assert.equal(announcement(queued, sending), '');
  assert.equal(announcement(sending, [upload({ phase: 'sending', bytesSent: 900 })]), '');
  const refused = [upload({ phase: 'refused', problem: { code: 'offline', detail: 'No connection.', documentId: null } })];
  assert.equal(announcement(sending, refused), 'a.pdf: No connection. Uploads finished: 1 file failed.');
  assert.equal(announcement(sending, [upload({ phase: 'ready' })]), 'Uploads finished: 1 file ready.');
});
