/** A key that was just made, the only time it can be seen. Only its own buttons close it, so that it is not lost by a stray click. */
'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { MadeKey } from '#lib/keys/types.ts';
import { copyToClipboard } from '../ask/clipboard.ts';
import { Button } from '../primitives/button.tsx';
import { DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { Notice } from '../primitives/notice.tsx';
import { exactTime } from '../primitives/relative-time.ts';

export function ShownOnce({ made }: { made: MadeKey }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async (): Promise<void> => setCopied(await copyToClipboard(made.key));
  return (
    <DialogContent
      title={`Your key for ${made.name}`}
      description={`It works until ${exactTime(new Date(made.expiresAt))}.`}
      onInteractOutside={(event) => event.preventDefault()}
      onEscapeKeyDown={(event) => event.preventDefault()}
      actions={<DialogClose asChild><Button variant={copied === true ? 'primary' : 'outline'}>Done</Button></DialogClose>}
    >
      <div className="grid gap-3">
        <Notice tone="weak">Copy it now and put it where the program keeps its secrets. It is not shown again, and nobody here can find it out.</Notice>
        <div className="flex flex-wrap items-start gap-2 rounded-lg border border-line bg-panel p-3">
          <code aria-label="The key" className="min-w-0 flex-1 basis-48 font-mono text-sm break-all select-all">{made.key}</code>
          <Button variant={copied === true ? 'outline' : 'primary'} autoFocus onClick={() => void copy()}>
            {copied === true ? <Check aria-hidden /> : <Copy aria-hidden />}
            {copied === true ? 'Copied' : 'Copy key'}
          </Button>
        </div>
        <p role="status" className="text-sm text-ink-2">{copied === false ? 'The browser did not let it be copied. Select it and copy it yourself.' : ''}</p>
      </div>
    </DialogContent>
  );
}
