/** A member's own API keys: which there are, making one, revoking one, and how programs use them. */
'use client';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import type { KeyRow } from '#lib/keys/types.ts';
import { keyRow } from '../client/schemas/keys.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { KeyExamples } from './key-examples.tsx';
import { KeyItem } from './key-item.tsx';
import { NewKey } from './new-key.tsx';

/** `address`: where programs reach Attest. */
export function Keys({ address }: { address: string }) {
  const { items, error, reload } = useList('/api/keys', keyRow);
  const [making, setMaking] = useState(false);
  const working = items?.filter((key) => key.state === 'active');
  const past = items?.filter((key) => key.state !== 'active') ?? [];
  const make = (
    <Button variant="primary" onClick={() => setMaking(true)}>
      <Plus aria-hidden /> New key
    </Button>
  );
  return (
    <div className="max-w-[46rem]">
      <PageHeader
        title="API keys"
        description="A key lets a program ask and search as you, with your rights at that moment and a record of every use. Give each program its own, and nobody yours."
        actions={working === undefined || working.length === 0 ? undefined : make}
      />
      <div className="mt-6">
        {error !== null && <ErrorNote error={error} onRetry={reload} />}
        {error === null && working === undefined && <SkeletonLines label="Loading your keys" />}
        {working?.length === 0 && (
          <EmptyState icon={KeyRound} title="No key works for you now" action={make}>
            Editors, scripts and chat programs can use Attest with one.
          </EmptyState>
        )}
        {working !== undefined && working.length > 0 && <KeyList label="Keys that work" keys={working} />}
        {past.length > 0 && (
          <details className="mt-6">
            <summary className="cursor-default rounded-md text-sm text-ink-2 hover:text-ink">Keys that no longer work ({past.length})</summary>
            <KeyList label="Keys that no longer work" keys={past} className="mt-2" />
          </details>
        )}
      </div>
      <KeyExamples address={address} />
      {making && <NewKey onClose={() => setMaking(false)} />}
    </div>
  );
}

function KeyList({ label, keys, className = '' }: { label: string; keys: KeyRow[]; className?: string }) {
  return (
    <ul aria-label={label} className={`divide-y divide-line-soft border-y border-line-soft ${className}`}>
      {keys.map((key) => (
        <KeyItem key={key.id} item={key} />
      ))}
    </ul>
  );
}
