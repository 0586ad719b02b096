/** The right side of a document's page: passages, versions, problems, access. Below the source on a phone. */
'use client';
import { useState } from 'react';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { DocumentAccess } from './document-access.tsx';
import { PassageList } from './passage-list.tsx';
import { ProblemList } from './problem-list.tsx';
import type { ChosenPlace } from './use-chosen-place.ts';
import { VersionList } from './version-list.tsx';

interface DocumentAsideProps {
  document: DocumentInFull;
  version: VersionRow;
  chosen: ChosenPlace;
}

const panel = 'min-h-0 flex-1 focus-visible:-outline-offset-2 lg:overflow-y-auto data-[state=inactive]:hidden';

export function DocumentAside({ document, version, chosen }: DocumentAsideProps) {
  const problems = version.warnings.length + (version.state === 'failed' ? 1 : 0);
  const [tab, setTab] = useState(document.mayRead ? (version.state === 'failed' ? 'problems' : 'passages') : 'versions');
  return (
    <aside aria-label="About this document" className="flex shrink-0 flex-col border-line-soft bg-bg max-lg:border-t lg:min-h-0 lg:w-[clamp(24rem,30vw,34rem)] lg:border-l">
      <Tabs value={tab} onValueChange={setTab} className="flex min-h-0 flex-1 flex-col">
        <TabsList aria-label="Passages, versions, problems or access" className="shrink-0 px-4 pt-1 max-lg:sticky max-lg:top-0 max-lg:z-10 max-lg:bg-bg">
          {document.mayRead && <TabsTrigger value="passages">Passages{version.chunkCount > 0 && ` (${version.chunkCount.toLocaleString('en')})`}</TabsTrigger>}
          <TabsTrigger value="versions">Versions ({document.versions.length})</TabsTrigger>
          <TabsTrigger value="problems">Problems{problems > 0 && ` (${problems})`}</TabsTrigger>
          <TabsTrigger value="access">Access</TabsTrigger>
        </TabsList>
        {document.mayRead && <TabsContent value="passages" tabIndex={-1} className={panel}><PassageList version={version} chosen={chosen} /></TabsContent>}
        <TabsContent value="versions" tabIndex={-1} className={panel}><VersionList document={document} shown={version} /></TabsContent>
        <TabsContent value="problems" tabIndex={-1} className={panel}><ProblemList document={document} version={version} chosen={chosen} /></TabsContent>
        <TabsContent value="access" tabIndex={-1} className={panel}><DocumentAccess document={document} /></TabsContent>
      </Tabs>
    </aside>
  );
}
