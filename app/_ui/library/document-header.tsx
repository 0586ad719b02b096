/** The head of a document's page: title, how it stands, which version is shown, and what can be done with it. */
'use client';
import { Download } from 'lucide-react';
import Link from 'next/link.js';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { bytesInWords } from '../primitives/bytes-in-words.ts';
import { Button } from '../primitives/button.tsx';
import { FileIcon, formatLabel } from '../primitives/file-icon.tsx';
import { Notice } from '../primitives/notice.tsx';
import { StateWords } from '../primitives/state-words.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { documentAddress, fileAddress } from './document-address.ts';
import { DocumentMenu } from './document-menu.tsx';
import { pagesInWords } from './page-words.ts';
import { isUnderWay, versionInWords, versionTone } from './version-words.ts';

interface DocumentHeaderProps {
  document: DocumentInFull;
  version: VersionRow;
  onDeleted: () => void;
}

export function DocumentHeader({ document, version, onDeleted }: DocumentHeaderProps) {
  const pages = pagesInWords(version.format, version.pageCount);
  return (
    <div className="grid shrink-0 gap-2.5 border-b border-line-soft px-4 py-3 md:px-5">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-48">
          <h1 dir="auto" className="line-clamp-3 text-lg leading-6 font-semibold break-words hyphens-auto">{document.title}</h1>
          <p className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-0.5 text-sm text-ink-3">
            <span className="inline-flex items-center gap-1.5"><FileIcon format={version.format} /> {formatLabel(version.format)}</span>
            <span>Version {version.number}{document.versions.length > 1 && ` of ${document.versions[0]?.number ?? version.number}`}</span>
            {pages !== null && <span>{pages}</span>}
            <span>{bytesInWords(version.bytes)}</span>
            <span>uploaded <TimeAgo at={version.createdAt} focusable /></span>
            <StateWords tone={versionTone(version)} moving={isUnderWay(version)}>{versionInWords(version)}</StateWords>
          </p>
        </div>
        <div className="flex items-center gap-1.5">
          {document.mayRead && (
            <Button asChild>
              <a href={fileAddress(document.id, version.id, true)} download className="max-sm:w-8 max-sm:px-0"><Download /> <span className="max-sm:sr-only">Download</span></a>
            </Button>
          )}
          <DocumentMenu document={document} onPage onDeleted={onDeleted} />
        </div>
      </div>
      <WhichVersion document={document} version={version} />
    </div>
  );
}

/** Said only when the version shown is not simply the newest one and in use. */
function WhichVersion({ document, version }: { document: DocumentInFull; version: VersionRow }) {
  const { currentVersion, version: newest } = document;
  if (version.number !== currentVersion && currentVersion !== null && version.number < currentVersion) {
    return (
      <Notice tone="weak" action={<OpenVersion document={document} number={currentVersion} />}>
        This is version {version.number}. Answers rest on version {currentVersion} now.
      </Notice>
    );
  }
  if (newest.number > version.number) {
    return (
      <Notice tone={newest.state === 'failed' ? 'weak' : 'neutral'} action={<OpenVersion document={document} number={newest.number} />}>
        {newest.state === 'failed' ? `Version ${newest.number} could not be read: ${newest.problem?.detail ?? 'its file cannot be used.'}` : `Version ${newest.number} is on its way: ${versionInWords(newest).toLowerCase()}.`}
        {' '}Until it is ready, answers rest on version {version.number}, which is shown here.
      </Notice>
    );
  }
  return null;
}

function OpenVersion({ document, number }: { document: DocumentInFull; number: number }) {
  return (
    <Button asChild size="sm" className="self-start">
      <Link href={documentAddress(document.id, { version: number })}>Open version {number}</Link>
    </Button>
  );
}
