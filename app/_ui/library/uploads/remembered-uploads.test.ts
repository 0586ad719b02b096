/** What a reload leaves of the tray. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restoredFrom, storedForm } from './remembered-uploads.ts';
import { newUpload, type Upload } from './upload-state.ts';

const collection = { kind: 'collection', id: 'c1', name: 'Travel' } as const;
const upload = (id: string, change: Partial<Upload>): Upload => ({ ...newUpload(id, { name: `${id}.pdf`, size: 10 }, collection), ...change });

test('files that arrived go on, files on their way are cut off, refused ones keep their reason', () => {
  const document = { id: 'd1', title: 'A' };
  const version = { id: 'v1', state: 'embedding', chunkCount: 4, chunksEmbedded: 1, warnings: [{ message: 'A picture was left out.', page: 2 }] } as const;
  const before = [
    upload('sent', { phase: 'reading', document, version: { ...version, warnings: [...version.warnings] } }),
    upload('half', { phase: 'sending', bytesSent: 5 }),
    upload('next', { phase: 'queued' }),
    upload('wrong', { phase: 'refused', problem: { code: 'file-empty', detail: 'Empty.', documentId: null } }),
    upload('done', { phase: 'ready', document }),
  ];
  const after = restoredFrom(storedForm(before));
  assert.deepEqual(after.map(({ id, phase }) => [id, phase]), [['sent', 'reading'], ['half', 'cut-off'], ['next', 'cut-off'], ['wrong', 'refused'], ['done', 'ready']]);
  assert.deepEqual(after[0], before[0]);
});

test('storage that holds nothing, or something else, restores nothing', () => {
  assert.deepEqual([null, '', 'no JSON', '{"a":1}', '[{"id":5}]'].map(restoredFrom), [[], [], [], [], []]);
});
