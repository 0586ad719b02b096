/**
 * Uploads that are under way. Kept outside React, so that they go on while one looks at other pages. It does what the
 * state machine says: sends at most three files at once, asks the server how far it has read them, and tells the lists
 * on the page when something new is there.
 */
'use client';
import { useSyncExternalStore } from 'react';
import { request } from '../../client/fetch.ts';
import { invalidate } from '../../client/invalidate.ts';
import { describeFailure, ProblemError } from '../../client/problem.ts';
import { checkFile, type UploadLimits } from './check-file.ts';
import { recallUploads, rememberUploads } from './remembered-uploads.ts';
import { findTwin, sendUpload } from './upload-exchange.ts';
import { followReading } from './upload-progress.ts';
import { isSending, newUpload, nextToSend, reduceUploads, type Upload, type UploadAction, type UploadProblem, type UploadTarget } from './upload-state.ts';

let uploads: readonly Upload[] = [];
let memberId: string | null = null;
const files = new Map<string, File>();
const aborters = new Map<string, AbortController>();
const listeners = new Set<() => void>();
const none: readonly Upload[] = [];

/** Every file of the tray, oldest first. */
export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(subscribe, () => uploads, () => none);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

function dispatch(action: UploadAction): void {
  const before = uploads;
  uploads = reduceUploads(uploads, action);
  if (uploads === before) return;
  // Bytes on their way change many times a second and are of no use after a reload.
  if (memberId !== null && action.type !== 'sent') rememberUploads(memberId, uploads);
  for (const listener of listeners) listener();
  followReading(() => uploads, dispatch);
}

/** Brings back what this window knew before it was reloaded. To be called once the member is known. */
export function restoreUploads(id: string): void {
  if (memberId === id) return;
  memberId = id;
  const recalled = recallUploads(id);
  if (recalled.length > 0) dispatch({ type: 'added', uploads: recalled });
}

/** Checks each file and sends those that can be sent; the others stay in the tray with their reason. */
export function addFiles(chosen: readonly File[], target: UploadTarget, limits: UploadLimits): void {
  const added = chosen.map((file) => ({ file, upload: newUpload(crypto.randomUUID(), file, target), problem: checkFile(file, limits) }));
  for (const { file, upload, problem } of added) if (problem === null) files.set(upload.id, file);
  dispatch({ type: 'added', uploads: added.map(({ upload }) => upload) });
  for (const { upload, problem } of added) if (problem !== null) dispatch({ type: 'refused', id: upload.id, problem: { ...problem, documentId: null } });
  pump();
}

/** Begins with as many files as there is room for. */
function pump(): void {
  for (const upload of nextToSend(uploads)) {
    dispatch({ type: 'began', id: upload.id });
    void carry(upload);
  }
}

/** One file from its first byte until the server has it or refuses it. */
async function carry(upload: Upload): Promise<void> {
  const { id } = upload;
  const file = files.get(id);
  const aborter = new AbortController();
  aborters.set(id, aborter);
  try {
    if (file === undefined) throw new ProblemError({ code: 'file-gone', status: 0, detail: 'The page no longer holds this file. Choose it again.', requestId: null });
    const twin = upload.decided ? null : await findTwin(upload, aborter.signal);
    if (twin !== null) return dispatch({ type: 'asked', id, twin });
    const document = await sendUpload(upload, { file, signal: aborter.signal, onProgress: (bytes) => dispatch({ type: 'sent', id, bytes }) });
    files.delete(id);
    dispatch({ type: 'received', id, document });
    tellLists(document.id);
  } catch (error) {
    if (!aborter.signal.aborted) refuse(id, error);
  } finally {
    aborters.delete(id);
    pump();
  }
}

function refuse(id: string, error: unknown): void {
  const wait = error instanceof ProblemError && error.code === 'too-many-requests' ? Number(error.data['retryAfterSeconds'] ?? 5) : null;
  if (wait === null) return dispatch({ type: 'refused', id, problem: asProblem(error) });
  // The server asks to slow down; nobody has to click for that.
  setTimeout(() => {
    dispatch({ type: 'requeued', id });
    pump();
  }, wait * 1000);
}

function asProblem(error: unknown): UploadProblem {
  const code = error instanceof ProblemError ? error.code : 'internal';
  const documentId = error instanceof ProblemError && typeof error.data['documentId'] === 'string' ? error.data['documentId'] : null;
  const detail = code === 'sign-in-required' ? 'Your sign-in ended before this file was sent. Sign in again in another tab, then try again; the file is still here.' : describeFailure(error).detail;
  return { code, detail, documentId };
}

function tellLists(documentId: string): void {
  invalidate('/api/collections');
  invalidate(`/api/documents/${documentId}`);
}

/** The answer to "is this a new version of it?". */
export function decideUpload(upload: Upload, choice: 'version' | 'document'): void {
  const target: UploadTarget = choice === 'version' && upload.twin !== null ? { kind: 'document', id: upload.twin.id, name: upload.twin.title } : upload.target;
  dispatch({ type: 'decided', id: upload.id, target });
  pump();
}

/** Sends a file again that was refused, or has the server read one again that it could not read. */
export async function retryUpload(upload: Upload): Promise<void> {
  dispatch({ type: 'retried', id: upload.id });
  if (upload.phase === 'refused') return pump();
  if (upload.document === null || upload.version === null) return;
  try {
    await request(`/api/documents/${upload.document.id}/versions/${upload.version.id}/retry`, { method: 'POST' });
    tellLists(upload.document.id);
  } catch (error) {
    dispatch({ type: 'unread', id: upload.id, problem: asProblem(error) });
  }
}

/** True while the page still holds the file, so that it can be sent again. */
export function holdsFile(upload: Upload): boolean {
  return files.has(upload.id);
}

/** Takes a file out of the tray; one that is being sent is cancelled and nothing of it is kept. */
export function removeUpload(id: string): void {
  aborters.get(id)?.abort();
  files.delete(id);
  dispatch({ type: 'removed', id });
}

export function cancelSending(): void {
  for (const upload of uploads.filter(isSending)) removeUpload(upload.id);
}

export function clearFinished(): void {
  dispatch({ type: 'cleared' });
  for (const id of files.keys()) if (!uploads.some((upload) => upload.id === id)) files.delete(id);
}
