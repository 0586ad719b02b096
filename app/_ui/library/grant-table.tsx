/** The grants of a collection, one a row. */
'use client';
import { FileText, Pencil, Trash2, User, Users } from 'lucide-react';
import { useState } from 'react';
import type { Grant } from '#lib/collections/types.ts';
import { useFrame } from '../frame/frame-context.ts';
import { Button } from '../primitives/button.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { endInWords, permissionWords } from './grant-words.ts';
import { RemoveGrant } from './remove-grant.tsx';

export function GrantTable({ grants, manageable }: { grants: Grant[]; manageable: boolean }) {
  const [changing, setChanging] = useState<Grant | null>(null);
  const [removing, setRemoving] = useState<Grant | null>(null);
  return (
    <>
      <Table label="Grants" boxClassName="-mx-4">
        <TableHead>
          <tr>
            <TableHeader>Who</TableHeader>
            <TableHeader className="w-44 max-sm:hidden">May</TableHeader>
            <TableHeader className="w-40 max-md:hidden">Until</TableHeader>
            <TableHeader className="w-52 max-lg:hidden">Granted</TableHeader>
            {manageable && <TableHeader className="w-24"><span className="sr-only">Actions</span></TableHeader>}
          </tr>
        </TableHead>
        <TableBody>
          {grants.map((grant) => (
            <TableRow key={grant.id}>
              <TableCell className="py-2"><Recipient grant={grant} /></TableCell>
              <TableCell className="max-sm:hidden">{permissionWords[grant.permission]}</TableCell>
              <TableCell className="text-ink-2 max-md:hidden"><End grant={grant} /></TableCell>
              <TableCell className="text-ink-3 max-lg:hidden">
                <TimeAgo at={grant.createdAt} focusable />
                {grant.createdByName !== null && ` by ${grant.createdByName}`}
              </TableCell>
              {manageable && (
                <TableCell className="text-right whitespace-nowrap">
                  <Button variant="quiet" size="icon" aria-label={`Change the grant to ${grant.to.name}`} onClick={() => setChanging(grant)}><Pencil /></Button>
                  <Button variant="quiet" size="icon" aria-label={`Remove the grant to ${grant.to.name}`} onClick={() => setRemoving(grant)}><Trash2 /></Button>
                </TableCell>
              )}
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {changing !== null && <GrantDialog key={changing.id} collectionId={changing.collectionId} grant={changing} granted={[]} onClose={() => setChanging(null)} />}
      {removing !== null && <RemoveGrant key={removing.id} grant={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}

function Recipient({ grant }: { grant: Grant }) {
  const { person } = useFrame();
  const Icon = grant.to.kind === 'group' ? Users : User;
  return (
    <div className="flex gap-2.5">
      <Icon role="img" aria-label={grant.to.kind === 'group' ? 'Group' : 'Member'} className="mt-0.5 size-4 shrink-0 stroke-[1.6] text-ink-3" />
      <div className="min-w-0">
        <p dir="auto" className="font-medium break-words">
          {grant.to.name}
          {grant.to.id === person.id && <span className="font-normal text-ink-3"> (you)</span>}
        </p>
        {grant.documentId !== null && (
          <p className="flex items-center gap-1 text-xs text-ink-3"><FileText aria-hidden className="size-3" /> one document only</p>
        )}
        <p className="text-xs text-ink-3 md:hidden">
          <span className="sm:hidden">{permissionWords[grant.permission]}{grant.expiresAt !== null && ', '}</span>
          {grant.expiresAt !== null && <End grant={grant} />}
        </p>
      </div>
    </div>
  );
}

function End({ grant }: { grant: Grant }) {
  const now = new Date();
  const ended = grant.expiresAt !== null && new Date(grant.expiresAt) <= now;
  return <span className={ended ? 'text-weak' : ''}>{endInWords(grant.expiresAt, now)}</span>;
}
