/** Chooses the group or member that a grant names: type a few letters, go down the list with the arrow keys. */
'use client';
import { Command } from 'cmdk';
import { Search, User, Users, X } from 'lucide-react';
import { useState } from 'react';
import type { Grant } from '#lib/collections/types.ts';
import { groupRow, memberRow } from '../client/schemas/people.ts';
import { useList } from '../client/use-list.ts';
import { Button } from '../primitives/button.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { useSettled } from './use-settled.ts';

export interface Recipient {
  kind: 'group' | 'member';
  id: string;
  name: string;
}

interface RecipientPickerProps {
  value: Recipient | null;
  onValueChange: (value: Recipient | null) => void;
  granted: Grant[];
  /** What is granted: a document, or the collection as a whole. */
  documentId: string | null;
}

const typingMs = 150;
const shownMax = 50;

export function RecipientPicker({ value, onValueChange, granted, documentId }: RecipientPickerProps) {
  if (value === null) return <RecipientSearch onChoose={onValueChange} taken={new Set(granted.filter((grant) => grant.documentId === documentId).map(({ to }) => to.id))} />;
  const Icon = value.kind === 'group' ? Users : User;
  return (
    <div className="grid gap-1.5">
      <p className="text-sm font-medium">To</p>
      <div className="flex items-center gap-2.5 rounded-lg border border-line bg-panel py-1 pr-1 pl-3 text-sm">
        <Icon aria-hidden className="size-4 stroke-[1.6] text-ink-3" />
        <span dir="auto" className="min-w-0 flex-1 truncate font-medium">{value.name}</span>
        <Button variant="quiet" size="sm" autoFocus onClick={() => onValueChange(null)}><X /> Choose another</Button>
      </div>
    </div>
  );
}

function RecipientSearch({ onChoose, taken }: { onChoose: (value: Recipient) => void; taken: ReadonlySet<string> }) {
  const [words, setWords] = useState('');
  const query = new URLSearchParams({ limit: String(shownMax), q: useSettled(words.trim(), typingMs) }).toString();
  const groups = useList(`/api/groups?${query}`, groupRow);
  const members = useList(`/api/members?${query}`, memberRow);
  const error = groups.error ?? members.error;
  const loaded = groups.items !== undefined && members.items !== undefined;
  return (
    <Command shouldFilter={false} label="To a group or member" className="grid gap-1.5">
      <p aria-hidden className="text-sm font-medium">To a group or member</p>
      <div className="overflow-hidden rounded-lg border border-line-strong/70 bg-raised focus-within:border-accent">
        <div className="flex items-center gap-2 border-b border-line-soft px-2.5">
          <Search aria-hidden className="size-4 text-ink-3" />
          <Command.Input autoFocus value={words} onValueChange={setWords} placeholder="Name or e-mail" className="h-9 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-3" />
        </div>
        {error !== null && <ErrorNote error={error} className="m-2" />}
        <Command.List className="h-48 overflow-y-auto p-1">
          {loaded && <Command.Empty className="px-2.5 py-2 text-sm text-ink-2">Nobody of that name. Members appear once they have signed in; groups are made under Admin.</Command.Empty>}
          {groups.items?.map((group) => (
            <Option key={group.id} recipient={{ kind: 'group', id: group.id, name: group.name }} hint={`${group.members.toLocaleString('en')} ${group.members === 1 ? 'member' : 'members'}`} taken={taken.has(group.id)} onChoose={onChoose} />
          ))}
          {members.items?.filter((member) => member.disabledAt === null).map((member) => (
            <Option key={member.id} recipient={{ kind: 'member', id: member.id, name: member.name }} hint={member.email} taken={taken.has(member.id)} onChoose={onChoose} />
          ))}
        </Command.List>
      </div>
    </Command>
  );
}

interface OptionProps {
  recipient: Recipient;
  hint: string;
  taken: boolean;
  onChoose: (value: Recipient) => void;
}

function Option({ recipient, hint, taken, onChoose }: OptionProps) {
  const Icon = recipient.kind === 'group' ? Users : User;
  return (
    <Command.Item
      value={recipient.id}
      disabled={taken}
      onSelect={() => onChoose(recipient)}
      className="flex cursor-default items-center gap-2.5 rounded-md px-2 py-1.5 text-sm data-[disabled=true]:text-ink-3 data-[selected=true]:bg-hover"
    >
      <Icon role="img" aria-label={recipient.kind === 'group' ? 'Group' : 'Member'} className="size-4 shrink-0 stroke-[1.6] text-ink-3" />
      <span dir="auto" className="min-w-0 truncate">{recipient.name}</span>
      <span className="ml-auto shrink-0 truncate text-xs text-ink-3">{taken ? 'has a grant' : hint}</span>
    </Command.Item>
  );
}
