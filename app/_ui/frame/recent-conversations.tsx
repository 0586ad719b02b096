/** The member's conversations, newest first, under the day they last changed, with a search over titles and questions. */
'use client';
import { Search } from 'lucide-react';
import { usePathname } from 'next/navigation.js';
import { useDeferredValue, useId, useState } from 'react';
import type { ConversationRow } from '#lib/conversations/types.ts';
import { conversationRow } from '../client/schemas/conversations.ts';
import { useList, type List } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { dayHeading } from '../primitives/relative-time.ts';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { ConversationItem } from './conversation-item.tsx';

/** From how many conversations on a search is worth its room. */
const searchFrom = 6;

/** `onChoose`: after a conversation was chosen, to close the layer that this stands in. */
export function RecentConversations({ onChoose }: { onChoose?: () => void }) {
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const list = useList(`/api/conversations${query === '' ? '' : `?q=${encodeURIComponent(query)}`}`, conversationRow);
  const searchable = typed !== '' || (list.items?.length ?? 0) >= searchFrom || list.hasMore;
  return (
    <section aria-label="Recent conversations" className="flex min-h-0 flex-1 flex-col pt-3">
      {searchable && (
        <div className="relative px-2.5 pb-1">
          <Search aria-hidden className="absolute top-2 left-[18px] size-3.5 text-ink-3" />
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Search conversations"
            aria-label="Search conversations"
            className="h-[30px] w-full rounded-lg border border-transparent bg-transparent pr-2 pl-7 text-sm placeholder:text-ink-3 hover:border-line focus:border-line focus:bg-raised"
          />
        </div>
      )}
      <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-3">
        <RecentList list={list} query={query} onChoose={onChoose} />
      </div>
    </section>
  );
}

function RecentList({ list, query, onChoose }: { list: List<ConversationRow>; query: string; onChoose: (() => void) | undefined }) {
  const path = usePathname();
  if (list.error !== null && list.items === undefined) return <ErrorNote error={list.error} onRetry={list.reload} className="mt-2 flex-col" />;
  if (list.items === undefined) return <SkeletonLines label="Loading conversations" className="px-2 pt-3" />;
  if (list.items.length === 0) {
    return <p className="px-2 pt-2 text-xs text-ink-3">{query === '' ? 'Your conversations will be listed here. Only you can see them.' : `No conversation mentions “${query}”.`}</p>;
  }
  return (
    <>
      {groupByDay(list.items).map(([heading, rows]) => (
        <DayGroup key={heading} heading={heading}>
          {rows.map((row) => (
            <ConversationItem key={row.id} row={row} current={path === `/ask/${row.id}`} onChoose={onChoose} />
          ))}
        </DayGroup>
      ))}
      {list.hasMore && (
        <Button variant="quiet" size="sm" className="mt-1 w-full justify-start" disabled={list.loadingMore} onClick={list.loadMore}>
          Show older
        </Button>
      )}
    </>
  );
}

function DayGroup({ heading, children }: { heading: string; children: React.ReactNode }) {
  const id = useId();
  return (
    <div className="pt-3">
      <h2 id={id} className="px-2 pb-1 text-2xs font-medium tracking-normal text-ink-3">
        {heading}
      </h2>
      <ul aria-labelledby={id} className="grid grid-cols-[minmax(0,1fr)] gap-px">
        {children}
      </ul>
    </div>
  );
}

function groupByDay(rows: ConversationRow[]): [string, ConversationRow[]][] {
  const now = new Date();
  const groups = new Map<string, ConversationRow[]>();
  for (const row of rows) {
    const heading = dayHeading(new Date(row.changedAt), now);
    const group = groups.get(heading) ?? [];
    group.push(row);
    groups.set(heading, group);
  }
  return [...groups];
}
