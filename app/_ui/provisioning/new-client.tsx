/** Makes a provisioning client: which directory it is, until when, and what its roles do. Then shows its token, once. */
'use client';
import { useState, type FormEvent } from 'react';
import type { MadeScimClient } from '#lib/scim/types.ts';
import { madeScimClient } from '../client/schemas/provisioning.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { Dialog, DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';
import { Notice } from '../primitives/notice.tsx';
import { exactTime } from '../primitives/relative-time.ts';
import { Select } from '../primitives/select.tsx';
import { CopyLine } from './copy-line.tsx';

const nameMax = 80;
const roleMax = 200;
const spans = [
  { value: '90', label: '90 days' },
  { value: '180', label: '180 days' },
  { value: '365', label: 'One year' },
  { value: '730', label: 'Two years' },
] as const;

export function NewClient({ address, onClose }: { address: string; onClose: () => void }) {
  const [made, setMade] = useState<MadeScimClient | null>(null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {made === null ? <NewClientForm onMade={setMade} /> : <TokenShownOnce made={made} address={address} />}
    </Dialog>
  );
}

function NewClientForm({ onMade }: { onMade: (client: MadeScimClient) => void }) {
  const [name, setName] = useState('');
  const [adminRole, setAdminRole] = useState('');
  const [span, setSpan] = useState<(typeof spans)[number]['value']>('365');
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const body = { name: name.trim(), days: Number(span), ...(adminRole.trim() === '' ? {} : { adminRole: adminRole.trim() }) };
    void act({ path: '/api/scim-clients', method: 'POST', body, done: 'Client made', changes: ['/api/scim-clients'], schema: madeScimClient, onDone: onMade, onFailure: setFailure });
  };
  return (
    <DialogContent
      title="New provisioning client"
      description="It may write every member and every group. Give the token to your directory and to nothing else."
      actions={
        <>
          <DialogClose asChild><Button>Cancel</Button></DialogClose>
          <Button variant="primary" type="submit" form="client-form" disabled={busy || name.trim() === ''}>Make client</Button>
        </>
      }
    >
      <form id="client-form" onSubmit={save} className="grid gap-4">
        {failure !== null && <ErrorNote error={failure} />}
        <Field label="Name" hint="Which directory it is. It stands in the records of every change.">
          {(control) => <Input {...control} dir="auto" autoFocus required maxLength={nameMax} placeholder="Entra ID" value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Works for">{(control) => <Select id={control.id} value={span} onValueChange={setSpan} options={spans} className="w-40" />}</Field>
        <Field label="Role that makes an admin (optional)" hint="A value of “roles” in your directory. Left empty, roles from the directory are ignored. Compliance is never given this way.">
          {(control) => <Input {...control} dir="auto" maxLength={roleMax} value={adminRole} onChange={(event) => setAdminRole(event.target.value)} />}
        </Field>
      </form>
    </DialogContent>
  );
}

/** The only time the token can be seen. Only its own button closes it, so that it is not lost by a stray click. */
function TokenShownOnce({ made, address }: { made: MadeScimClient; address: string }) {
  return (
    <DialogContent
      title={`Token for ${made.name}`}
      description={`It works until ${exactTime(new Date(made.expiresAt))}.`}
      onInteractOutside={(event) => event.preventDefault()}
      onEscapeKeyDown={(event) => event.preventDefault()}
      actions={<DialogClose asChild><Button>Done</Button></DialogClose>}
    >
      <div className="grid gap-3">
        <Notice tone="weak">Copy it into your directory now. It is not shown again, and nobody here can find it out.</Notice>
        <CopyLine label="token" text={made.token} autoFocus />
        <div>
          <p className="text-sm text-ink-2">The address that goes with it:</p>
          <CopyLine label="address that goes with it" text={address} className="mt-1" />
        </div>
      </div>
    </DialogContent>
  );
}
