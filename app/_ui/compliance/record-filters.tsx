/** Filters over the records: what, how it ended, who, since when; and chips for filters that came with a link. */
'use client';
import { X } from 'lucide-react';
import { useMemo } from 'react';
import { auditEvents } from '#lib/audit/types.ts';
import { person } from '../client/schemas/audit.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { Select } from '../primitives/select.tsx';
import { outcomeWords, periods } from './record-words.ts';
import type { RecordFilter } from './use-record-filter.ts';

const any = 'all';
const eventOptions = [
  { value: any, label: 'Every act' },
  { value: 'question.asked,question.answered', label: 'Questions and answers' },
  { value: 'evidence.opened,document.opened,file.downloaded', label: 'Reading' },
  { value: 'grant.added,grant.changed,grant.removed', label: 'Access' },
  { value: 'document.uploaded,version.uploaded,version.ready,version.failed,document.deleted,document.purged', label: 'Documents' },
  { value: 'session.started,session.confirmed,session.refused,session.ended,request.refused', label: 'Sign-in and refusals' },
  { value: 'audit.searched,audit.opened,audit.exported', label: 'Reviewers' },
  ...Object.entries(auditEvents).map(([value, label]) => ({ value, label })),
];
const outcomeOptions = [{ value: any, label: 'Every outcome' }, ...Object.entries(outcomeWords).map(([value, label]) => ({ value, label }))];
const periodOptions = Object.entries(periods).map(([value, { label }]) => ({ value, label }));

export function RecordFilters({ filter, count }: { filter: RecordFilter; count: string }) {
  const people = useList('/api/audit/people', person);
  const peopleOptions = useMemo(
    () => [{ value: any, label: 'Everybody' }, ...(people.items ?? []).map((each) => ({ value: each.id, label: each.name, hint: each.role }))],
    [people.items],
  );
  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-2">
      <Select label="What happened" className="sm:w-48" value={filter.values.event ?? any} onValueChange={(value) => filter.set('event', value)} options={eventOptions} />
      <Select label="Outcome" className="sm:w-40" value={filter.values.outcome ?? any} onValueChange={(value) => filter.set('outcome', value)} options={outcomeOptions} />
      <Select label="Person" className="sm:w-44" value={filter.values.actor ?? any} onValueChange={(value) => filter.set('actor', value)} options={peopleOptions} />
      <Select label="Time" className="sm:w-36" value={filter.period} onValueChange={(value) => filter.set('period', value)} options={periodOptions} />
      {filter.values.document !== undefined && <FilterChip words="About one document" onRemove={() => filter.set('document', null)} />}
      {filter.values.collection !== undefined && <FilterChip words="About one collection" onRemove={() => filter.set('collection', null)} />}
      {filter.isFiltered && (
        <Button variant="quiet" onClick={filter.clear}>
          Clear filters
        </Button>
      )}
      <p role="status" className="ml-auto text-sm text-ink-3 tabular max-sm:col-start-2">
        {count}
      </p>
    </div>
  );
}

function FilterChip({ words, onRemove }: { words: string; onRemove: () => void }) {
  return (
    <Button size="sm" className="rounded-full" onClick={onRemove}>
      {words}
      <X aria-hidden />
      <span className="sr-only">: remove this filter</span>
    </Button>
  );
}
