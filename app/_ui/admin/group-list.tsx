/** Groups: what collections are granted to. */
'use client';
import { Plus, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { GroupRow, MemberRow } from '#lib/members/types.ts';
import { joinNames } from '../library/collection-words.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { Input } from '../primitives/input.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { useAct } from '../client/use-act.ts';
import { GroupMenu } from './group-menu.tsx';

const groupNameMax = 100;
const shownMembersMax = 6;
const changes = ['/api/groups', '/api/members'];

export function GroupList({ groups, members }: { groups: GroupRow[]; members: MemberRow[] }) {
  const [removing, setRemoving] = useState<GroupRow | null>(null);
  const { act } = useAct();
  return (
    <div className="grid gap-4">
      <AddGroup />
      <Table label="Groups" boxClassName="-mx-4 overflow-visible">
        <TableHead>
          <tr>
            <TableHeader className="md:w-64">Group</TableHeader>
            <TableHeader className="w-24 text-right max-md:hidden">Members</TableHeader>
            <TableHeader className="max-md:hidden">Who</TableHeader>
            <TableHeader className="w-24"><span className="sr-only">Actions</span></TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {groups.map((group) => (
            <TableRow key={group.id}>
              <TableCell className="max-w-0 py-2">
                <p className="flex items-center gap-2">
                  <span dir="auto" className="truncate font-medium" title={group.name}>{group.name}</span>
                  {group.everyone && <Badge tone="accent" className="shrink-0">all members</Badge>}
                  {group.sensitive && <Badge tone="weak" className="shrink-0">sensitive</Badge>}
                </p>
                {group.inner.length > 0 && <p dir="auto" className="truncate text-xs text-ink-3">with everybody in {joinNames(group.inner.map(({ name }) => name))}</p>}
                <p className="text-ink-2 md:hidden">{membersIn(group, members)}</p>
              </TableCell>
              <TableCell className="text-right text-ink-2 max-md:hidden">{group.members.toLocaleString('en')}</TableCell>
              <TableCell className="text-ink-2 max-md:hidden">{membersIn(group, members)}</TableCell>
              <TableCell className="h-[49px]">
                {!group.everyone && (
                  <span className="flex justify-end">
                    <GroupMenu group={group} groups={groups} />
                    <Button variant="quiet" size="icon" aria-label={`Remove group ${group.name}`} onClick={() => setRemoving(group)}><Trash2 /></Button>
                  </span>
                )}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      <AlertDialog
        open={removing !== null}
        onOpenChange={(open) => !open && setRemoving(null)}
        title={`Remove the group ${removing?.name ?? ''}?`}
        description="Every grant to this group goes with it: its members lose what they could read only through it, at their next request."
        action="Remove group"
        onConfirm={() => {
          if (removing !== null) void act({ path: `/api/groups/${removing.id}`, method: 'DELETE', done: `Group ${removing.name} removed`, changes });
          setRemoving(null);
        }}
      />
    </div>
  );
}

function membersIn(group: GroupRow, members: MemberRow[]): string {
  if (group.everyone) return 'Every member, also new ones';
  const names = members.filter((member) => member.groups.some((each) => each.id === group.id)).map((member) => member.name);
  if (names.length === 0) return 'Nobody yet';
  const more = names.length - shownMembersMax;
  return more > 0 ? `${names.slice(0, shownMembersMax).join(', ')} and ${more} more` : names.join(', ');
}

function AddGroup() {
  const [name, setName] = useState('');
  const { act, busy } = useAct();
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const added = await act({ path: '/api/groups', method: 'POST', body: { name: name.trim() }, done: `Group ${name.trim()} added`, changes });
    if (added) setName('');
  };
  return (
    <form onSubmit={(event) => void add(event)} className="flex gap-2">
      <Input aria-label="Name of a new group" placeholder="New group" maxLength={groupNameMax} value={name} onChange={(event) => setName(event.target.value)} className="max-w-64" />
      <Button type="submit" disabled={busy || name.trim() === ''}><Plus /> Add group</Button>
    </form>
  );
}
