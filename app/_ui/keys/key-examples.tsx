/** How a program is told to use a key, to be copied. */
'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyToClipboard } from '../ask/clipboard.ts';
import { Button } from '../primitives/button.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { examplesFor, type Example } from './key-words.ts';

export function KeyExamples({ address }: { address: string }) {
  const examples = examplesFor(address);
  return (
    <section aria-labelledby="use-a-key" className="mt-10">
      <h2 id="use-a-key" className="text-base font-semibold">Use a key</h2>
      <Tabs defaultValue={examples[0]?.id ?? ''} className="mt-2">
        <TabsList aria-label="Kinds of program">
          {examples.map(({ id, label }) => <TabsTrigger key={id} value={id}>{label}</TabsTrigger>)}
        </TabsList>
        {examples.map((example) => (
          <TabsContent key={example.id} value={example.id} className="pt-3">
            <Code example={example} />
          </TabsContent>
        ))}
      </Tabs>
    </section>
  );
}

function Code({ example: { label, where, code } }: { example: Example }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => setCopied(await copyToClipboard(code));
  return (
    <>
      <div className="flex items-end gap-3">
        <p className="min-w-0 flex-1 text-sm text-pretty text-ink-2">{where}</p>
        <Button size="sm" aria-label={`Copy the example for ${label}`} onClick={() => void copy()}>
          {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <pre tabIndex={0} aria-label={`Example for ${label}`} role="region" className="mt-2 overflow-x-auto rounded-lg border border-line-soft bg-panel p-3 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
    </>
  );
}
