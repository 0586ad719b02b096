/** A line of text to be taken elsewhere, with a button that copies it. */
'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyToClipboard } from '../ask/clipboard.ts';
import { Button } from '../primitives/button.tsx';

/** `label`: what it is, in the words of the button: "Copy the address". */
export function CopyLine({ label, text, className = '', autoFocus = false }: { label: string; text: string; className?: string; autoFocus?: boolean }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async (): Promise<void> => setCopied(await copyToClipboard(text));
  return (
    <div className={className}>
      <div className="flex flex-wrap items-start gap-2 rounded-lg border border-line bg-panel p-3">
        <code className="min-w-0 flex-1 basis-48 self-center font-mono text-sm break-all select-all">{text}</code>
        <Button aria-label={`Copy the ${label}`} autoFocus={autoFocus} onClick={() => void copy()}>
          {copied === true ? <Check aria-hidden /> : <Copy aria-hidden />}
          {copied === true ? 'Copied' : 'Copy'}
        </Button>
      </div>
      <p role="status" className="text-sm text-ink-2">{copied === false ? 'The browser did not let it be copied. Select it and copy it yourself.' : ''}</p>
    </div>
  );
}
