/**
 * The files of the upload tray as data, and the only way they change. Pure: it knows neither the network nor the files'
 * bytes. A file goes queued -> checking -> (asking ->) sending -> reading -> ready, or ends as failed, refused or cut off.
 */
import type { DocumentRow, VersionRow } from '#lib/documents/types.ts';

export type UploadTarget = { kind: 'collection' | 'document'; id: string; name: string };

export type UploadPhase =
  | 'queued'
  /** Looks whether a document with this file name is there. */
  | 'checking'
  /** It is; the person decides between a new version and another document. */
  | 'asking'
  | 'sending'
  /** The server has the whole file and reads it. */
  | 'reading'
  | 'ready'
  /** Arrived, and could not be read. */
  | 'failed'
  /** Never became a document. */
  | 'refused'
  /** The page was left before all bytes had arrived. */
  | 'cut-off';

export interface UploadProblem {
  code: string;
  detail: string;
  /** The document that is there already, if that is the problem. */
  documentId: string | null;
}

export interface Upload {
  id: string;
  fileName: string;
  bytes: number;
  target: UploadTarget;
  phase: UploadPhase;
  bytesSent: number;
  /** A document with the same file name; asked about once. */
  twin: { id: string; title: string } | null;
  /** No more questions: the file goes to its target as it is. */
  decided: boolean;
  /** Known once the server has the file. */
  document: { id: string; title: string } | null;
  version: Pick<VersionRow, 'id' | 'state' | 'chunkCount' | 'chunksEmbedded' | 'warnings'> | null;
  problem: UploadProblem | null;
}

export type UploadAction =
  | { type: 'added'; uploads: Upload[] }
  | { type: 'began' | 'requeued' | 'retried'; id: string }
  | { type: 'removed'; id: string }
  | { type: 'asked'; id: string; twin: { id: string; title: string } }
  | { type: 'decided'; id: string; target: UploadTarget }
  | { type: 'sent'; id: string; bytes: number }
  | { type: 'received'; id: string; document: DocumentRow }
  | { type: 'refused'; id: string; problem: UploadProblem }
  /** The server would not read it once more. */
  | { type: 'unread'; id: string; problem: UploadProblem }
  /** What the server says about these documents now; one that it no longer names was deleted. */
  | { type: 'polled'; documentIds: string[]; versions: (VersionRow & { documentId: string })[] }
  | { type: 'cleared' };

/** How many files are sent at the same time. */
export const sendingMax = 3;

export function newUpload(id: string, file: { name: string; size: number }, target: UploadTarget): Upload {
  return { id, fileName: file.name, bytes: file.size, target, phase: 'queued', bytesSent: 0, twin: null, decided: target.kind === 'document', document: null, version: null, problem: null };
}

/** True while bytes are on their way or still to go: leaving the page would lose them. */
export function isSending({ phase }: Upload): boolean {
  return phase === 'queued' || phase === 'checking' || phase === 'asking' || phase === 'sending';
}

/** True when nothing more happens by itself. */
export function isFinished({ phase }: Upload): boolean {
  return phase === 'ready' || phase === 'failed' || phase === 'refused' || phase === 'cut-off';
}

/** The files to begin with now, oldest first. */
export function nextToSend(uploads: readonly Upload[]): Upload[] {
  const busy = uploads.filter(({ phase }) => phase === 'checking' || phase === 'sending').length;
  return uploads.filter(({ phase }) => phase === 'queued').slice(0, Math.max(0, sendingMax - busy));
}

const ranks: Record<UploadPhase, number> = { asking: 0, checking: 1, sending: 1, 'cut-off': 2, refused: 2, failed: 2, reading: 3, queued: 4, ready: 5 };

/** What waits for the person first, then what moves, then what failed; what is done last. Each part oldest first. */
export function orderUploads(uploads: readonly Upload[]): Upload[] {
  return uploads.toSorted((one, other) => ranks[one.phase] - ranks[other.phase]);
}

/** The tray after something happened. An action that does not fit a file's phase (a late answer, a second click) changes nothing. */
export function reduceUploads(uploads: readonly Upload[], action: UploadAction): readonly Upload[] {
  switch (action.type) {
    case 'added':
      return [...uploads, ...action.uploads];
    case 'removed':
      return uploads.filter(({ id }) => id !== action.id);
    case 'cleared':
      return uploads.filter((upload) => !isFinished(upload));
    case 'polled':
      return uploads.map((upload) => applyPoll(upload, action));
    default:
      return uploads.map((upload) => (upload.id === action.id ? applyOne(upload, action) : upload));
  }
}

type ActionOnOne = Exclude<UploadAction, { type: 'added' | 'removed' | 'cleared' | 'polled' }>;

const from: Record<ActionOnOne['type'], readonly UploadPhase[]> = {
  began: ['queued'],
  requeued: ['checking', 'sending'],
  asked: ['checking'],
  decided: ['asking'],
  sent: ['checking', 'sending'],
  received: ['checking', 'sending'],
  refused: ['queued', 'checking', 'sending'],
  unread: ['reading'],
  retried: ['refused', 'failed'],
};

function applyOne(upload: Upload, action: ActionOnOne): Upload {
  if (!from[action.type].includes(upload.phase)) return upload;
  switch (action.type) {
    case 'began':
      return { ...upload, phase: 'checking', bytesSent: 0 };
    case 'requeued':
      return { ...upload, phase: 'queued', bytesSent: 0 };
    case 'asked':
      return { ...upload, phase: 'asking', twin: action.twin };
    case 'decided':
      return { ...upload, phase: 'queued', target: action.target, decided: true };
    case 'sent':
      return { ...upload, phase: 'sending', bytesSent: Math.max(upload.bytesSent, Math.min(action.bytes, upload.bytes)) };
    case 'received':
      return standing({ ...upload, bytesSent: upload.bytes, document: { id: action.document.id, title: action.document.title } }, action.document.version);
    case 'refused':
      return { ...upload, phase: 'refused', problem: action.problem };
    case 'unread':
      return { ...upload, phase: 'failed', problem: action.problem };
    case 'retried':
      return retried(upload);
  }
}

/** A file that never arrived is sent again; one that arrived is read again. */
function retried(upload: Upload): Upload {
  if (upload.phase === 'refused') return { ...upload, phase: 'queued', bytesSent: 0, problem: null };
  const version = upload.version === null ? null : { ...upload.version, state: 'waiting' as const };
  return { ...upload, phase: 'reading', problem: null, version };
}

function applyPoll(upload: Upload, { documentIds, versions }: Extract<UploadAction, { type: 'polled' }>): Upload {
  if (upload.phase !== 'reading' || upload.document === null || !documentIds.includes(upload.document.id)) return upload;
  const documentId = upload.document.id;
  const version = versions.find((one) => one.documentId === documentId);
  if (version === undefined) return { ...upload, phase: 'failed', problem: { code: 'not-found', detail: 'The document was deleted.', documentId: null } };
  // A newer version took its place; that one has its own line, or was uploaded by somebody else.
  if (upload.version !== null && upload.version.id !== version.id) return { ...upload, phase: 'ready' };
  return standing(upload, version);
}

function standing(upload: Upload, version: VersionRow): Upload {
  const { id, state, chunkCount, chunksEmbedded, warnings } = version;
  const phase = state === 'ready' || state === 'failed' ? state : 'reading';
  const problem = state === 'failed' ? { code: version.problem?.code ?? 'internal', detail: version.problem?.detail ?? 'The file could not be read.', documentId: null } : null;
  return { ...upload, phase, problem, version: { id, state, chunkCount, chunksEmbedded, warnings } };
}
