/** The table of members with the changes an admin can make. Each change counts at that person's next request. */
'use client';
import { MoreHorizontal, Users } from 'lucide-react';
import { useState } from 'react';
import type { GroupRow, MemberRow } from '#lib/members/types.ts';
import { useFrame } from '../frame/frame-context.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { DropdownMenu, DropdownMenuCheckboxItem, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { Input } from '../primitives/input.tsx';
import { Select } from '../primitives/select.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { useAct } from '../client/use-act.ts';

const roleOptions = [
  { value: 'employee', label: 'Employee', hint: 'Asks and reads' },
  { value: 'admin', label: 'Admin', hint: 'Manages members, access and models' },
  { value: 'compliance', label: 'Compliance', hint: 'Reads the audit log' },
] as const;
const changes = ['/api/members', '/api/groups'];

export function MemberTable({ members, groups }: { members: MemberRow[]; groups: GroupRow[] }) {
  const [words, setWords] = useState('');
  const sought = words.trim().toLowerCase();
  const shown = members.filter((member) => `${member.name} ${member.email}`.toLowerCase().includes(sought));
  if (members.length === 0) return <EmptyState icon={Users} title="No members yet">The first sign-in adds the first member.</EmptyState>;
  return (
    <div className="grid gap-3">
      <Input type="search" aria-label="Find a member" placeholder="Find a member" value={words} onChange={(event) => setWords(event.target.value)} className="max-w-72" />
      <Table label="Members" className="min-w-[44rem]">
        <TableHead>
          <tr>
            <TableHeader>Member</TableHeader>
            <TableHeader className="w-44">Role</TableHeader>
            <TableHeader>Groups</TableHeader>
            <TableHeader className="w-32">Joined</TableHeader>
            <TableHeader className="w-12"><span className="sr-only">Actions</span></TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {shown.map((member) => (
            <MemberLine key={member.id} member={member} groups={groups} />
          ))}
        </TableBody>
      </Table>
      {shown.length === 0 && <p className="px-4 text-sm text-ink-2">Nobody here is called that.</p>}
    </div>
  );
}

function MemberLine({ member, groups }: { member: MemberRow; groups: GroupRow[] }) {
  const { person } = useFrame();
  const { act, busy } = useAct();
  const self = person.id === member.id;
  const change = (body: object, done: string) => act({ path: `/api/members/${member.id}`, method: 'PATCH', body, done, changes });
  return (
    <TableRow>
      <TableCell>
        <span className="font-medium">{member.name}</span>
        {self && <span className="text-ink-3"> (you)</span>}
        {member.disabledAt !== null && <Badge tone="bad" className="ml-2">disabled</Badge>}
        <span className="block text-xs text-ink-3">{member.email}</span>
      </TableCell>
      <TableCell>
        <Select label={`Role of ${member.name}`} value={member.role} options={roleOptions} disabled={busy || self} onValueChange={(role) => void change({ role }, `${member.name} is now ${role}`)} className="w-36" />
      </TableCell>
      <TableCell>
        <span className="flex flex-wrap gap-1">
          {member.groups.map((group) => <Badge key={group.id} tone="outline" shape="pill">{group.name}</Badge>)}
        </span>
      </TableCell>
      <TableCell className="text-ink-3"><TimeAgo at={member.createdAt} /></TableCell>
      <TableCell>
        <MemberMenu member={member} groups={groups} self={self} onChange={change} />
      </TableCell>
    </TableRow>
  );
}

interface MemberMenuProps {
  member: MemberRow;
  groups: GroupRow[];
  self: boolean;
  onChange: (body: object, done: string) => Promise<boolean>;
}

function MemberMenu({ member, groups, self, onChange }: MemberMenuProps) {
  const [asking, setAsking] = useState(false);
  const { act } = useAct();
  const toggle = (group: GroupRow, inside: boolean) =>
    act({ path: `/api/groups/${group.id}/members/${member.id}`, method: inside ? 'DELETE' : 'PUT', done: inside ? `${member.name} left ${group.name}` : `${member.name} joined ${group.name}`, changes });
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="quiet" size="icon" aria-label={`Change ${member.name}`}><MoreHorizontal /></Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuLabel>Groups</DropdownMenuLabel>
          {groups.filter((group) => !group.everyone).map((group) => {
            const inside = member.groups.some((each) => each.id === group.id);
            return <DropdownMenuCheckboxItem key={group.id} checked={inside} onCheckedChange={() => void toggle(group, inside)}>{group.name}</DropdownMenuCheckboxItem>;
          })}
          <DropdownMenuSeparator />
          {member.disabledAt === null
            ? <DropdownMenuItem danger disabled={self} onSelect={() => setAsking(true)}>Disable member</DropdownMenuItem>
            : <DropdownMenuItem onSelect={() => void onChange({ disabled: false }, `${member.name} may sign in again`)}>Let them sign in again</DropdownMenuItem>}
        </DropdownMenuContent>
      </DropdownMenu>
      <AlertDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Disable ${member.name}?`}
        description="Their sessions end at once and every right they have stops counting. Their questions and records stay."
        action="Disable member"
        onConfirm={() => { setAsking(false); void onChange({ disabled: true }, `${member.name} is disabled`); }}
      />
    </>
  );
}
