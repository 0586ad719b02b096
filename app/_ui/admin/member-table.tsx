/** The members with the changes an admin can make; on a phone each row holds everything below the name. Each change counts at that person's next request. */
'use client';
import { MoreHorizontal, Users } from 'lucide-react';
import Link from 'next/link.js';
import { useState } from 'react';
import type { GroupRow, MemberRow } from '#lib/members/types.ts';
import { useFrame } from '../frame/frame-context.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';
import { Avatar } from '../primitives/avatar.tsx';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { DropdownMenu, DropdownMenuCheckboxItem, DropdownMenuContent, DropdownMenuItem, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { FilterField } from '../primitives/filter-field.tsx';
import { Select } from '../primitives/select.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { useMediaQuery } from '../client/use-media-query.ts';
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
      <FilterField label="Find a member" value={words} onValueChange={setWords} className="md:max-w-80" />
      <Table label="Members" boxClassName="-mx-4 overflow-visible">
        <TableHead>
          <tr>
            <TableHeader>Member</TableHeader>
            <TableHeader className="w-44 max-md:hidden">Role</TableHeader>
            <TableHeader className="w-[36%] max-md:hidden">Groups</TableHeader>
            <TableHeader className="w-36 max-lg:hidden">Joined</TableHeader>
            <TableHeader className="w-12"><span className="sr-only">Actions</span></TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {shown.map((member) => (
            <MemberLine key={member.id} member={member} groups={groups} />
          ))}
        </TableBody>
      </Table>
      {shown.length === 0 && (
        <EmptyState title={`Nobody is called “${words.trim()}”`} action={<Button onClick={() => setWords('')}>Show all</Button>}>
          Names and addresses are searched here.
        </EmptyState>
      )}
    </div>
  );
}

function MemberLine({ member, groups }: { member: MemberRow; groups: GroupRow[] }) {
  const { person } = useFrame();
  const { act, busy } = useAct();
  const wide = useMediaQuery('(min-width: 48rem)') !== false;
  const self = person.id === member.id;
  const change = (body: object, done: string) => act({ path: `/api/members/${member.id}`, method: 'PATCH', body, done, changes });
  const role = <Select quiet label={`Role of ${member.name}`} value={member.role} options={roleOptions} disabled={busy || self} onValueChange={(chosen) => void change({ role: chosen }, `${member.name} is now ${chosen}`)} className="-ml-2.5 w-36" />;
  return (
    <TableRow>
      <TableCell className="max-w-0 py-2">
        <div className="flex min-w-0 items-center gap-3">
          <Avatar name={member.name} className="max-md:mt-1 max-md:self-start" />
          <div className="min-w-0 flex-1">
            <p className="flex items-center gap-2">
              <Link dir="auto" href={`/admin/members/${member.id}`} className="truncate font-medium underline-offset-2 hover:underline" title={`What ${member.name} can read, and why`}>{member.name}</Link>
              {self && <span className="shrink-0 text-ink-3">you</span>}
              {member.disabledAt !== null && <Badge tone="bad" className="shrink-0">disabled</Badge>}
            </p>
            <p className="truncate text-xs text-ink-3" title={member.email}>{member.email}</p>
            {!wide && (
              <div className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
                {role}
                <GroupNames member={member} />
              </div>
            )}
          </div>
        </div>
      </TableCell>
      {wide && <TableCell>{role}</TableCell>}
      {wide && <TableCell><GroupNames member={member} /></TableCell>}
      <TableCell className="text-ink-3 max-lg:hidden"><TimeAgo at={member.createdAt} /></TableCell>
      <TableCell className="max-md:pt-3 max-md:align-top">
        <MemberMenu member={member} groups={groups} self={self} onChange={change} />
      </TableCell>
    </TableRow>
  );
}

function GroupNames({ member }: { member: MemberRow }) {
  if (member.groups.length === 0) return <span className="text-ink-3">none</span>;
  return (
    <span className="flex flex-wrap gap-1">
      {member.groups.map((group) => <Badge key={group.id} tone="outline" shape="pill" className="max-w-48"><span className="truncate" title={group.name}>{group.name}</span></Badge>)}
    </span>
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
        <DropdownMenuContent align="end" className="max-h-[min(26rem,70dvh)] overflow-y-auto">
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
