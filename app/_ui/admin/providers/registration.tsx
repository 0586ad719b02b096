/** What the provider must be told about us, to be copied. */
'use client';
import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { copyToClipboard } from '../../ask/clipboard.ts';
import { Button } from '../../primitives/button.tsx';
import type { ProviderDraft } from './provider-draft.ts';

export function Registration({ draft, address }: { draft: ProviderDraft; address: string }) {
  const id = draft.id === '' ? '<id>' : draft.id;
  const values = draft.kind === 'oidc'
    ? [
        ['Redirect address', `${address}/api/auth/callback/${id}`],
        ['After signing out', `${address}/sign-in`],
        ['Back-channel logout', `${address}/api/auth/backchannel/${id}`],
      ]
    : [
        ['Assertions go to', `${address}/api/auth/saml/${id}/acs`],
        ['Our metadata', `${address}/api/auth/saml/${id}/metadata`],
      ];
  return (
    <section aria-label="What the provider must know" className="rounded-lg bg-panel px-3 py-2.5">
      <h3 className="text-sm font-medium">Register these at the provider</h3>
      <dl className="mt-1.5 grid gap-1.5">
        {values.map(([label = '', value = '']) => (
          <div key={label} className="flex flex-wrap items-center gap-x-3">
            <dt className="w-36 text-xs text-ink-3">{label}</dt>
            <dd className="flex min-w-0 flex-1 basis-64 items-center gap-1.5">
              <span className="min-w-0 flex-1 font-mono text-xs break-all">{value}</span>
              <CopyButton label={label} value={value} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function CopyButton({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button variant="quiet" size="icon-sm" aria-label={copied ? `${label} copied` : `Copy: ${label}`} onClick={() => void copyToClipboard(value).then(setCopied)}>
      {copied ? <Check /> : <Copy />}
    </Button>
  );
}
