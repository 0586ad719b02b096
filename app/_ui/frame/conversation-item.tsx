/** One conversation in the rail: open, rename in place, delete after asking. */
'use client';
import { Ellipsis, Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link.js';
import { useRouter } from 'next/navigation.js';
import { useRef, useState } from 'react';
import type { ConversationRow } from '#lib/conversations/types.ts';
import { request } from '../client/fetch.ts';
import { invalidate } from '../client/invalidate.ts';
import { describeFailure } from '../client/problem.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { toast } from '../primitives/toast.tsx';

const titleCharactersMax = 200;
type Mode = 'shown' | 'renaming' | 'deleting' | 'asking';

export function ConversationItem({ row, current, onChoose }: { row: ConversationRow; current: boolean; onChoose: (() => void) | undefined }) {
  const [mode, setMode] = useState<Mode>('shown');
  const router = useRouter();
  const link = useRef<HTMLAnchorElement>(null);

  const change = async (action: () => Promise<void>): Promise<void> => {
    try {
      await action();
      invalidate('/api/conversations');
    } catch (error) {
      toast.error(describeFailure(error).detail);
    }
    setMode('shown');
  };
  const rename = (title: string): void => {
    if (title === '' || title === row.title) return setMode('shown');
    void change(() => request(`/api/conversations/${row.id}`, { method: 'PATCH', body: { title } }));
  };
  const remove = (): void => {
    setMode('deleting');
    void change(async () => {
      await request(`/api/conversations/${row.id}`, { method: 'DELETE' });
      toast('Conversation deleted');
      if (current) router.push('/ask');
    });
  };

  if (mode === 'renaming') return <RenameField title={row.title} onDone={rename} />;
  return (
    <li className={classNames('group/item relative flex items-center rounded-md', current ? 'bg-accent-soft' : 'hover:bg-hover focus-within:bg-hover')}>
      <Link
        ref={link}
        href={`/ask/${row.id}`}
        title={row.title}
        {...(current ? { 'aria-current': 'page' as const } : {})}
        {...(onChoose === undefined ? {} : { onClick: onChoose })}
        className={classNames('min-w-0 flex-1 truncate rounded-md px-2 py-1 text-sm group-focus-within/item:pr-8 group-hover/item:pr-8 max-md:py-2 max-md:pr-11', current ? 'text-ink' : 'text-ink-2 group-hover/item:text-ink')}
      >
        <bdi>{row.title}</bdi>
      </Link>
      <ItemMenu title={row.title} onRename={() => setMode('renaming')} onDelete={() => setMode('asking')} />
      <AlertDialog
        open={mode === 'asking' || mode === 'deleting'}
        onOpenChange={(open) => !open && setMode('shown')}
        title="Delete this conversation?"
        description={`“${row.title}” and its answers disappear from your history. The audit log keeps its own record.`}
        action="Delete conversation"
        busy={mode === 'deleting'}
        onConfirm={remove}
      />
    </li>
  );
}

function ItemMenu({ title, onRename, onDelete }: { title: string; onRename: () => void; onDelete: () => void }) {
  // Closing gives the focus back to the menu's button, unless the choice has put it somewhere better.
  const moved = useRef(false);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button
          variant="quiet"
          size="icon-sm"
          aria-label={`More for ${title}`}
          className="absolute right-1 opacity-0 group-focus-within/item:opacity-100 group-hover/item:opacity-100 data-[state=open]:opacity-100 max-md:size-9 max-md:opacity-100"
        >
          <Ellipsis />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align="start"
        onCloseAutoFocus={(event) => {
          if (moved.current) event.preventDefault();
          moved.current = false;
        }}
      >
        <DropdownMenuItem
          onSelect={() => {
            moved.current = true;
            onRename();
          }}
        >
          <Pencil /> Rename
        </DropdownMenuItem>
        <DropdownMenuItem danger onSelect={onDelete}>
          <Trash2 /> Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** Enter and leaving the field keep the new title, Escape the old one. */
function RenameField({ title, onDone }: { title: string; onDone: (title: string) => void }) {
  const [typed, setTyped] = useState(title);
  const finished = useRef(false);
  const finish = (value: string): void => {
    if (finished.current) return;
    finished.current = true;
    onDone(value.trim());
  };
  return (
    <li>
      <input
        autoFocus
        aria-label="Title of the conversation"
        value={typed}
        maxLength={titleCharactersMax}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => finish(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(typed);
          if (event.key === 'Escape') {
            event.stopPropagation();
            finish(title);
          }
        }}
        className="h-[30px] w-full rounded-md border border-accent bg-raised px-[7px] text-sm"
      />
    </li>
  );
}
