/** The state machine of the upload tray. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DocumentRow, VersionRow } from '#lib/documents/types.ts';
import { isFinished, isSending, newUpload, nextToSend, orderUploads, reduceUploads, sendingMax, type Upload, type UploadAction } from './upload-state.ts';

const collection = { kind: 'collection', id: 'c1', name: 'Travel' } as const;

function version(change: Partial<VersionRow> = {}): VersionRow {
  return {
    id: 'v1', number: 1, state: 'waiting', problem: null, warnings: [], chunkCount: 0, chunksEmbedded: 0, bytes: 100, sha256: 'ab', fileName: 'a.pdf',
    format: 'pdf', pageCount: null, createdAt: '2026-03-01T10:00:00Z', createdByName: null, validFrom: null, validTo: null, ...change,
  };
}

function document(change: Partial<VersionRow> = {}): DocumentRow {
  return {
    id: 'd1', collectionId: 'c1', title: 'A', format: 'pdf', fileName: 'a.pdf', bytes: 100, pageCount: null, version: version(change), currentVersion: null,
    createdAt: '2026-03-01T10:00:00Z', changedAt: '2026-03-01T10:00:00Z', createdByName: null, restricted: false, mayRead: true, mayEdit: true,
  };
}

function tray(...actions: UploadAction[]): readonly Upload[] {
  const added: UploadAction = { type: 'added', uploads: [newUpload('u1', { name: 'a.pdf', size: 100 }, collection)] };
  return [added, ...actions].reduce(reduceUploads, []);
}

const began = { type: 'began', id: 'u1' } as const;
const received = { type: 'received', id: 'u1', document: document() } as const;
const problem = { code: 'offline', detail: 'No connection.', documentId: null };

test('a file goes from waiting over its bytes and its passages to ready', () => {
  const sending = tray(began, { type: 'sent', id: 'u1', bytes: 40 });
  assert.deepEqual([sending[0]?.phase, sending[0]?.bytesSent], ['sending', 40]);
  const reading = [received].reduce<readonly Upload[]>(reduceUploads, sending);
  assert.deepEqual([reading[0]?.phase, reading[0]?.document?.id, reading[0]?.bytesSent], ['reading', 'd1', 100]);
  const polled = (change: Partial<VersionRow>): UploadAction => ({ type: 'polled', documentIds: ['d1'], versions: [{ ...version(change), documentId: 'd1' }] });
  const embedding = reduceUploads(reading, polled({ state: 'embedding', chunkCount: 8, chunksEmbedded: 2 }));
  assert.deepEqual([embedding[0]?.phase, embedding[0]?.version?.chunksEmbedded], ['reading', 2]);
  assert.equal(reduceUploads(embedding, polled({ state: 'ready' }))[0]?.phase, 'ready');
});

test('a file that arrived and cannot be read keeps its sentence and can be read again', () => {
  const failed = tray(began, { type: 'received', id: 'u1', document: document({ state: 'failed', problem: { code: 'file-encrypted', detail: 'Protected by a password.' } }) });
  assert.deepEqual([failed[0]?.phase, failed[0]?.problem?.detail], ['failed', 'Protected by a password.']);
  const again = reduceUploads(failed, { type: 'retried', id: 'u1' });
  assert.deepEqual([again[0]?.phase, again[0]?.version?.state, again[0]?.problem], ['reading', 'waiting', null]);
});

test('a file that never arrived is sent again from its first byte', () => {
  const refused = tray(began, { type: 'sent', id: 'u1', bytes: 60 }, { type: 'refused', id: 'u1', problem });
  assert.equal(refused[0]?.phase, 'refused');
  const again = reduceUploads(refused, { type: 'retried', id: 'u1' });
  assert.deepEqual([again[0]?.phase, again[0]?.bytesSent, again[0]?.problem], ['queued', 0, null]);
});

test('a file whose name is there already waits for the person, who is asked once', () => {
  const asking = tray(began, { type: 'asked', id: 'u1', twin: { id: 'd9', title: 'Leave policy' } });
  assert.equal(asking[0]?.phase, 'asking');
  assert.deepEqual(nextToSend(asking), []);
  const decided = reduceUploads(asking, { type: 'decided', id: 'u1', target: { kind: 'document', id: 'd9', name: 'Leave policy' } });
  assert.deepEqual([decided[0]?.phase, decided[0]?.target.kind, decided[0]?.decided], ['queued', 'document', true]);
});

test('a deleted document ends its line, another version of it takes its place', () => {
  const reading = tray(began, received);
  assert.equal(reduceUploads(reading, { type: 'polled', documentIds: ['d1'], versions: [] })[0]?.problem?.detail, 'The document was deleted.');
  assert.equal(reduceUploads(reading, { type: 'polled', documentIds: ['d1'], versions: [{ ...version({ id: 'v2', number: 2 }), documentId: 'd1' }] })[0]?.phase, 'ready');
  assert.equal(reduceUploads(reading, { type: 'polled', documentIds: ['other'], versions: [] })[0]?.phase, 'reading');
});

test('a late answer changes nothing', () => {
  const refused = tray(began, { type: 'refused', id: 'u1', problem });
  assert.deepEqual(reduceUploads(refused, { type: 'sent', id: 'u1', bytes: 90 }), refused);
  assert.deepEqual(reduceUploads(refused, received), refused);
});

test('clearing keeps what is still under way', () => {
  const uploads = ['u1', 'u2', 'u3'].map((id) => newUpload(id, { name: `${id}.pdf`, size: 1 }, collection));
  const mixed = ([{ type: 'added', uploads }, { type: 'refused', id: 'u1', problem }, { type: 'began', id: 'u2' }] satisfies UploadAction[]).reduce(reduceUploads, [] as readonly Upload[]);
  assert.deepEqual(reduceUploads(mixed, { type: 'cleared' }).map(({ id }) => id), ['u2', 'u3']);
});

test('what waits for the person stands first, what is done last', () => {
  const phases = ['ready', 'queued', 'reading', 'failed', 'sending', 'asking'] as const;
  const uploads = phases.map((phase) => ({ ...newUpload(phase, { name: phase, size: 1 }, collection), phase }));
  assert.deepEqual(orderUploads(uploads).map(({ id }) => id), ['asking', 'sending', 'failed', 'reading', 'queued', 'ready']);
});

const ids = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6'];
const anyId = fc.constantFrom(...ids);
const anyAction: fc.Arbitrary<UploadAction> = fc.oneof(
  fc.record({ type: fc.constantFrom('began' as const, 'requeued' as const, 'retried' as const), id: anyId }),
  fc.record({ type: fc.constant('removed' as const), id: anyId }),
  fc.record({ type: fc.constant('sent' as const), id: anyId, bytes: fc.nat(200) }),
  fc.record({ type: fc.constant('refused' as const), id: anyId, problem: fc.constant(problem) }),
  fc.record({ type: fc.constant('asked' as const), id: anyId, twin: fc.constant({ id: 'd2', title: 'B' }) }),
  fc.record({ type: fc.constant('decided' as const), id: anyId, target: fc.constant(collection) }),
  fc.record({ type: fc.constant('received' as const), id: anyId, document: fc.constantFrom('waiting' as const, 'ready' as const, 'failed' as const).map((state) => document({ state })) }),
  fc.constant<UploadAction>({ type: 'polled', documentIds: ['d1'], versions: [{ ...version({ state: 'ready' }), documentId: 'd1' }] }),
  fc.constant({ type: 'cleared' as const }),
);

test('whatever happens in whatever order, no more than three are sent at once and no file is half in two states', () => {
  const start = reduceUploads([], { type: 'added', uploads: ids.map((id) => newUpload(id, { name: `${id}.pdf`, size: 100 }, collection)) });
  fc.assert(
    fc.property(fc.array(anyAction, { maxLength: 60 }), (actions) => {
      let uploads = start;
      for (const action of actions) {
        // Files are begun only as `nextToSend` says, as the queue does.
        if (action.type !== 'began') uploads = reduceUploads(uploads, action);
        for (const { id } of nextToSend(uploads)) uploads = reduceUploads(uploads, { type: 'began', id });
        assert.ok(uploads.filter(({ phase }) => phase === 'checking' || phase === 'sending').length <= sendingMax);
        for (const upload of uploads) {
          assert.ok(!(isSending(upload) && isFinished(upload)));
          assert.ok(upload.bytesSent >= 0 && upload.bytesSent <= upload.bytes);
          assert.equal(upload.problem !== null, upload.phase === 'failed' || upload.phase === 'refused');
          if (upload.phase === 'reading' || upload.phase === 'ready') assert.notEqual(upload.document, null);
        }
      }
    }),
    { verbose: 1 },
  );
});
