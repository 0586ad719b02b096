/** The list of audit records with its filters. */
'use client';
import { RotateCw, ScrollText } from 'lucide-react';
import { recordCount, recordRow } from '../client/schemas/audit.ts';
import { useData } from '../client/use-data.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ExportRecords } from './export-records.tsx';
import { LogLine } from './log-line.tsx';
import { RecordFilters } from './record-filters.tsx';
import { RecordTable } from './record-table.tsx';
import { countInWords } from './record-words.ts';
import { useRecordFilter } from './use-record-filter.ts';

export function Records() {
  const filter = useRecordFilter();
  const path = `/api/audit/records${filter.query === '' ? '' : `?${filter.query}`}`;
  const list = useList(path, recordRow);
  const count = useData(`/api/audit/count${filter.query === '' ? '' : `?${filter.query}`}`, recordCount);
  const words = count.data === undefined ? '' : countInWords(count.data.total, count.data.totalIsExact);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="grid gap-4 border-b border-line-soft px-4 pt-5 pb-3 sm:px-6">
        <PageHeader
          title="Records"
          description="Every sign-in, question, answer, reading and change, in the order in which it was committed. Looking through them is recorded too."
          actions={<><ExportRecords /><Button onClick={list.reload}><RotateCw /> Read again</Button></>}
        />
        <LogLine />
        <RecordFilters filter={filter} count={words} />
      </div>
      {list.error !== null && list.items === undefined && <ErrorNote error={list.error} onRetry={list.reload} className="m-6" />}
      {list.items === undefined && list.error === null && <SkeletonLines lines={10} label="Reading records" className="p-6" />}
      {list.items?.length === 0 && (
        <EmptyState icon={ScrollText} title={filter.isFiltered ? 'No record matches' : 'No records yet'} action={filter.isFiltered ? <Button onClick={filter.clear}>Clear filters</Button> : undefined}>
          {filter.isFiltered ? 'Widen the time or remove a filter.' : 'The first sign-in writes the first record.'}
        </EmptyState>
      )}
      {list.items !== undefined && list.items.length > 0 && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <RecordTable records={list.items} />
          {list.hasMore && (
            <div className="p-4 text-center">
              <Button onClick={list.loadMore} disabled={list.loadingMore}>
                {list.loadingMore ? 'Reading' : 'Older records'}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
