/** What can be changed about a group: which groups stand inside it, and whether it is sensitive. */
'use client';
import { MoreHorizontal } from 'lucide-react';
import type { GroupRow } from '#lib/members/types.ts';
import { Button } from '../primitives/button.tsx';
import { DropdownMenu, DropdownMenuCheckboxItem, DropdownMenuContent, DropdownMenuLabel, DropdownMenuSeparator, DropdownMenuTrigger } from '../primitives/dropdown-menu.tsx';
import { useAct } from '../client/use-act.ts';

const changes = ['/api/groups', '/api/members', '/api/collections', '/api/proposals'];

export function GroupMenu({ group, groups }: { group: GroupRow; groups: GroupRow[] }) {
  const { act } = useAct();
  const mark = (): void =>
    void act({ path: `/api/groups/${group.id}`, method: 'PATCH', body: { sensitive: !group.sensitive }, done: group.sensitive ? `${group.name} is not sensitive any more` : `${group.name} is sensitive: what it is granted stays with it`, changes });
  const nest = (inner: GroupRow, inside: boolean): void =>
    void act({ path: `/api/groups/${group.id}/groups/${inner.id}`, method: inside ? 'DELETE' : 'PUT', done: inside ? `${inner.name} left ${group.name}` : `Whoever is in ${inner.name} is in ${group.name} now`, changes });
  const others = groups.filter((other) => !other.everyone && other.id !== group.id);
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="quiet" size="icon" aria-label={`Change group ${group.name}`}><MoreHorizontal /></Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-h-[min(26rem,70dvh)] overflow-y-auto">
        <DropdownMenuCheckboxItem checked={group.sensitive} onCheckedChange={mark}>Sensitive: two admins to reach beyond it</DropdownMenuCheckboxItem>
        {others.length > 0 && (
          <>
            <DropdownMenuSeparator />
            <DropdownMenuLabel>Groups inside it</DropdownMenuLabel>
            {others.map((other) => {
              const inside = group.inner.some(({ id }) => id === other.id);
              return <DropdownMenuCheckboxItem key={other.id} checked={inside} onCheckedChange={() => nest(other, inside)}>{other.name}</DropdownMenuCheckboxItem>;
            })}
          </>
        )}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
