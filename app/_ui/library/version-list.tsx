/** The versions of a document, newest first: how each stands, who brought it, when answers rested on it, its hash. */
'use client';
import { Download } from 'lucide-react';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { bytesInWords } from '../primitives/bytes-in-words.ts';
import { StateWords } from '../primitives/state-words.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { documentAddress, fileAddress } from './document-address.ts';
import { UploadButton } from './uploads/upload-button.tsx';
import { useAddFiles } from './uploads/upload-context.ts';
import { isUnderWay, versionInWords, versionTone } from './version-words.ts';

export function VersionList({ document, shown }: { document: DocumentInFull; shown: VersionRow }) {
  const addFiles = useAddFiles();
  return (
    <div className="px-4 py-3">
      {document.mayEdit && (
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <p className="min-w-0 flex-1 basis-48 text-xs text-ink-3">The version in use stays so until a new one is ready. Old versions are kept for the answers that rest on them.</p>
          <UploadButton single variant="outline" size="sm" onFiles={(files) => addFiles(files, { kind: 'document', id: document.id, name: document.title })}>Upload a new version</UploadButton>
        </div>
      )}
      <ol className="divide-y divide-line-soft border-y border-line-soft">
        {document.versions.map((version) => (
          <VersionItem key={version.id} document={document} version={version} shown={version.id === shown.id} />
        ))}
      </ol>
    </div>
  );
}

function VersionItem({ document, version, shown }: { document: DocumentInFull; version: VersionRow; shown: boolean }) {
  const inUse = version.number === document.currentVersion;
  return (
    <li className="py-3 text-sm" {...(shown ? { 'aria-current': 'true' as const } : {})}>
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <h2 className="text-sm font-medium tracking-normal">Version {version.number}</h2>
        {inUse && <Badge tone="ok" shape="pill">in use</Badge>}
        {shown && <Badge tone="accent" shape="pill">shown</Badge>}
        <StateWords tone={versionTone(version)} moving={isUnderWay(version)} className="text-xs">{versionInWords(version)}</StateWords>
        <span className="ml-auto flex gap-1">
          {!shown && <Button asChild size="sm" variant="quiet"><Link href={documentAddress(document.id, { version: version.number })}>Open</Link></Button>}
          {document.mayRead && (
            <Button asChild size="icon-sm" variant="quiet"><a href={fileAddress(document.id, version.id, true)} download aria-label={`Download version ${version.number}`}><Download /></a></Button>
          )}
        </span>
      </div>
      {version.problem !== null && <p className="mt-1 text-xs break-words text-bad">{version.problem.detail}</p>}
      <dl className="mt-2 grid grid-cols-[5.5rem_minmax(0,1fr)] gap-y-1 text-xs text-ink-2">
        <Fact term="Uploaded"><TimeAgo at={version.createdAt} focusable />{version.createdByName !== null && ` by ${version.createdByName}`}</Fact>
        {version.validFrom !== null && (
          <Fact term="In use">{version.validTo === null ? 'since' : 'from'} <TimeAgo at={version.validFrom} focusable />{version.validTo !== null && <> until <TimeAgo at={version.validTo} focusable /></>}</Fact>
        )}
        <Fact term="File"><span dir="auto" className="break-all">{version.fileName}</span>, {bytesInWords(version.bytes)}</Fact>
        <Fact term="SHA-256"><span className="font-mono text-2xs break-all text-ink-3 select-all">{version.sha256}</span></Fact>
      </dl>
    </li>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-3">{term}</dt>
      <dd>{children}</dd>
    </>
  );
}
