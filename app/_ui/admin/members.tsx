/** Members and groups: who is here, what they may do, and the groups that collections are granted to. */
'use client';
import { useState } from 'react';
import { groupRow, memberRow } from '../client/schemas/people.ts';
import { useList } from '../client/use-list.ts';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { GroupList } from './group-list.tsx';
import { MemberTable } from './member-table.tsx';

export function Members() {
  const members = useList('/api/members?limit=200', memberRow);
  const groups = useList('/api/groups', groupRow);
  const [tab, setTab] = useState('members');
  const error = members.error ?? groups.error;
  return (
    <div className="grid gap-6">
      <PageHeader
        title="Members and groups"
        description="People become members when they first sign in. Being an admin gives no right to read documents or other people's questions; access comes from grants on collections."
      />
      {error !== null && <ErrorNote error={error} onRetry={() => { members.reload(); groups.reload(); }} />}
      <Tabs value={tab} onValueChange={setTab}>
        <TabsList aria-label="Members or groups" className="-mx-4 px-4">
          <TabsTrigger value="members">Members{members.items === undefined ? '' : ` (${members.items.length})`}</TabsTrigger>
          <TabsTrigger value="groups">Groups{groups.items === undefined ? '' : ` (${groups.items.length})`}</TabsTrigger>
        </TabsList>
        <TabsContent value="members" className="pt-4">
          {members.items === undefined ? <SkeletonLines lines={6} /> : <MemberTable members={members.items} groups={groups.items ?? []} />}
        </TabsContent>
        <TabsContent value="groups" className="pt-4">
          {groups.items === undefined ? <SkeletonLines lines={4} /> : <GroupList groups={groups.items} members={members.items ?? []} />}
        </TabsContent>
      </Tabs>
    </div>
  );
}
