/** The open passage: marked in its document, or as the exact text that the model was given. */
'use client';
import type { Evidence } from '#lib/answer/events.ts';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { SourceView } from '../source/source-view.tsx';

export function PassageView({ passage }: { passage: Evidence }) {
  return (
    <Tabs defaultValue="source" className="flex min-h-0 flex-1 flex-col">
      <TabsList aria-label="Ways to see the passage" className="shrink-0 px-4">
        <TabsTrigger value="source">In the document</TabsTrigger>
        <TabsTrigger value="text">Exact text</TabsTrigger>
      </TabsList>
      <TabsContent value="source" tabIndex={-1} className="flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden">
        <SourceView documentId={passage.documentId} versionId={passage.versionId} format={passage.format} place={passage.place} />
      </TabsContent>
      <TabsContent value="text" className="min-h-0 flex-1 overflow-y-auto bg-raised px-5 py-4 data-[state=inactive]:hidden">
        <p dir="auto" data-passage-text className="max-w-[76ch] text-base leading-[22px] break-words whitespace-pre-wrap">
          {passage.text}
        </p>
        <dl className="mt-5 grid grid-cols-[6rem_1fr] gap-y-1 border-t border-line-soft pt-3 text-xs text-ink-2">
          <dt className="text-ink-3">Length</dt>
          <dd>{[...passage.text].length.toLocaleString('en')} characters, exactly as the model was given them</dd>
          <dt className="text-ink-3">SHA-256</dt>
          <dd className="font-mono break-all select-all">{passage.textSha256}</dd>
          <dt className="text-ink-3">Collection</dt>
          <dd>{passage.collectionName}</dd>
        </dl>
      </TabsContent>
    </Tabs>
  );
}
