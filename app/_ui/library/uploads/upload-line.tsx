/** One file of the tray: its name, its bar, its state in words, and what can be done about it. */
'use client';
import { CircleAlert, CircleCheck, CircleHelp, FileUp, X } from 'lucide-react';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import { bytesInWords } from '../../primitives/bytes-in-words.ts';
import { Button } from '../../primitives/button.tsx';
import { Progress } from '../../primitives/progress.tsx';
import { decideUpload, holdsFile, removeUpload, retryUpload } from './upload-queue.ts';
import { isFinished, isSending, type Upload, type UploadPhase } from './upload-state.ts';
import { uploadInWords, uploadProgress } from './upload-words.ts';

/** Sending these again would end the same way. */
const finalProblems = new Set(['file-empty', 'file-too-large', 'file-type-unsupported', 'file-type-mismatch', 'file-encrypted', 'file-damaged', 'file-no-text', 'already-exists', 'not-permitted', 'not-found']);

export function UploadLine({ upload }: { upload: Upload }) {
  const { phase, fileName, document } = upload;
  const bad = phase === 'failed' || phase === 'refused' || phase === 'cut-off';
  return (
    <li className="flex gap-3 px-4 py-2.5 text-sm">
      <PhaseIcon phase={phase} />
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline gap-2">
          {document === null ? (
            <span dir="auto" title={fileName} className="truncate font-medium">{fileName}</span>
          ) : (
            <Link href={`/library/documents/${document.id}`} dir="auto" title={fileName} className="truncate rounded-sm font-medium hover:underline">{fileName}</Link>
          )}
          <span className="shrink-0 text-xs text-ink-3">{bytesInWords(upload.bytes)}</span>
        </div>
        {!bad && phase !== 'ready' && phase !== 'asking' && <Progress value={uploadProgress(upload)} label={`Upload of ${fileName}`} className="my-1.5" />}
        <p className={bad ? 'text-xs break-words text-bad' : 'text-xs break-words text-ink-2'}>{uploadInWords(upload)}</p>
        <Choices upload={upload} />
      </div>
      <Button variant="quiet" size="icon-sm" aria-label={`${isSending(upload) ? 'Cancel' : 'Dismiss'} ${fileName}`} onClick={() => removeUpload(upload.id)} className="-mr-1.5">
        <X />
      </Button>
    </li>
  );
}

function Choices({ upload }: { upload: Upload }) {
  const { phase, problem, fileName } = upload;
  const choices: ReactNode[] = [];
  if (phase === 'asking') {
    choices.push(
      <Button key="version" size="sm" onClick={() => decideUpload(upload, 'version')}>Upload as a new version</Button>,
      <Button key="document" size="sm" variant="quiet" onClick={() => decideUpload(upload, 'document')}>Add as another document</Button>,
    );
  }
  if (problem !== null && problem.documentId !== null) {
    choices.push(<Button key="open" asChild size="sm"><Link href={`/library/documents/${problem.documentId}`}>Open that document</Link></Button>);
  }
  if (mayRetry(upload)) {
    choices.push(<Button key="retry" size="sm" aria-label={`Try ${fileName} again`} onClick={() => void retryUpload(upload)}>Try again</Button>);
  }
  if (choices.length === 0) return null;
  return <div className="mt-1.5 flex flex-wrap gap-1.5">{choices}</div>;
}

function mayRetry(upload: Upload): boolean {
  const { phase, problem } = upload;
  if (!isFinished(upload) || problem === null || finalProblems.has(problem.code)) return false;
  return phase === 'failed' || (phase === 'refused' && holdsFile(upload));
}

function PhaseIcon({ phase }: { phase: UploadPhase }) {
  const look = 'mt-0.5 size-4 shrink-0 stroke-[1.6]';
  if (phase === 'ready') return <CircleCheck aria-hidden className={`${look} text-ok`} />;
  if (phase === 'failed' || phase === 'refused' || phase === 'cut-off') return <CircleAlert aria-hidden className={`${look} text-bad`} />;
  if (phase === 'asking') return <CircleHelp aria-hidden className={`${look} text-weak`} />;
  return <FileUp aria-hidden className={`${look} text-ink-3`} />;
}
