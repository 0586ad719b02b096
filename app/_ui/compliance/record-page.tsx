/** One record in full: left the story in order, right what proves it and where it leads. All texts are shown as plain text. */
'use client';
import { ArrowLeft, ArrowRight } from 'lucide-react';
import Link from 'next/link.js';
import { recordInFull } from '../client/schemas/audit.ts';
import { useData } from '../client/use-data.ts';
import { auditEvents } from '#lib/audit/types.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { exactTime } from '../primitives/relative-time.ts';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { OutcomeMark } from './outcome.tsx';
import { readStory } from './record-content.ts';
import { RecordProof } from './record-proof.tsx';
import { RecordStoryView } from './record-story.tsx';
import { actorInWords } from './record-words.ts';

export function RecordPage({ seq }: { seq: number }) {
  const { data: record, error, reload } = useData(`/api/audit/records/${seq}`, recordInFull);
  if (error !== null) return <ErrorNote error={error} onRetry={reload} title={`Record ${seq.toLocaleString('en')} cannot be shown`} className="m-6" />;
  if (record === undefined) return <SkeletonLines lines={8} label="Reading the record" className="max-w-3xl p-6" />;
  const story = readStory(record);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid max-w-6xl gap-x-12 gap-y-8 px-4 py-6 sm:px-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <div className="flex items-start gap-4">
            <div className="min-w-0 flex-1">
              <h1 className="text-xl font-semibold">Record {seq.toLocaleString('en')}</h1>
              <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1 text-sm text-ink-2">
                <span>{auditEvents[record.event]}</span>
                <OutcomeMark outcome={record.outcome} />
              </p>
              <p className="mt-1 text-sm text-ink-3">
                <time dateTime={record.at}>{exactTime(new Date(record.at))}</time> by {actorInWords(record)}
                {record.actorRole !== null && record.actorId !== null && `, ${record.actorRole}`}
              </p>
            </div>
            <Neighbours seq={seq} />
          </div>
          <RecordStoryView record={record} story={story} />
        </div>
        <RecordProof record={record} story={story} />
      </div>
    </div>
  );
}

function Neighbours({ seq }: { seq: number }) {
  return (
    <div className="flex gap-1">
      {seq > 0 && (
        <Button asChild variant="quiet" size="icon">
          <Link href={`/compliance/records/${seq - 1}`} prefetch={false} aria-label="Record before">
            <ArrowLeft />
          </Link>
        </Button>
      )}
      <Button asChild variant="quiet" size="icon">
        <Link href={`/compliance/records/${seq + 1}`} prefetch={false} aria-label="Record after">
          <ArrowRight />
        </Link>
      </Button>
    </div>
  );
}
