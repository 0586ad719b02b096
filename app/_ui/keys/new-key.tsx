/** Makes an API key: what it is for, what it may do, and until when. Then shows it, once. */
'use client';
import { useState, type FormEvent } from 'react';
import { keyScopes } from '#lib/actor.ts';
import type { KeyScope, MadeKey } from '#lib/keys/types.ts';
import { madeKey } from '../client/schemas/keys.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { Checkbox } from '../primitives/checkbox.tsx';
import { Dialog, DialogClose, DialogContent } from '../primitives/dialog.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';
import { Select } from '../primitives/select.tsx';
import { scopeWords, spans, type Span } from './key-words.ts';
import { ShownOnce } from './shown-once.tsx';

const nameMax = 80;

export function NewKey({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<MadeKey | null>(null);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      {made === null ? <NewKeyForm onMade={setMade} /> : <ShownOnce made={made} />}
    </Dialog>
  );
}

function NewKeyForm({ onMade }: { onMade: (key: MadeKey) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly KeyScope[]>(keyScopes);
  const [span, setSpan] = useState<Span>('90');
  const [failure, setFailure] = useState<unknown>(null);
  const { act, busy } = useAct();
  const save = (event: FormEvent): void => {
    event.preventDefault();
    void act({ path: '/api/keys', method: 'POST', body: { name: name.trim(), scopes, days: Number(span) }, done: 'Key made', changes: ['/api/keys'], schema: madeKey, onDone: onMade, onFailure: setFailure });
  };
  return (
    <DialogContent
      title="New API key"
      description="It works with your rights, as they are at each request, and ends by itself."
      actions={
        <>
          <DialogClose asChild><Button>Cancel</Button></DialogClose>
          <Button variant="primary" type="submit" form="key-form" disabled={busy || name.trim() === '' || scopes.length === 0}>Make key</Button>
        </>
      }
    >
      <form id="key-form" onSubmit={save} className="grid gap-4">
        {failure !== null && <ErrorNote error={failure} />}
        <Field label="Name" hint="Which program it is for. It stands in the records of its use.">
          {(control) => <Input {...control} dir="auto" autoFocus required maxLength={nameMax} placeholder="Editor on my laptop" value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Scopes chosen={scopes} onChange={setScopes} />
        <Field label="Works for">{(control) => <Select id={control.id} value={span} onValueChange={setSpan} options={spans} className="w-40" />}</Field>
      </form>
    </DialogContent>
  );
}

function Scopes({ chosen, onChange }: { chosen: readonly KeyScope[]; onChange: (scopes: readonly KeyScope[]) => void }) {
  return (
    <fieldset className="grid gap-2.5">
      <legend className="mb-2 text-sm font-medium">May</legend>
      {keyScopes.map((scope) => (
        <div key={scope} className="flex gap-2.5">
          <Checkbox
            id={`scope-${scope}`}
            aria-describedby={`scope-${scope}-hint`}
            checked={chosen.includes(scope)}
            onCheckedChange={(checked) => onChange(keyScopes.filter((each) => (each === scope ? checked === true : chosen.includes(each))))}
            className="mt-0.5"
          />
          <div>
            <label htmlFor={`scope-${scope}`} className="text-sm">{scopeWords[scope].label}</label>
            <p id={`scope-${scope}-hint`} className="text-xs text-ink-3">{scopeWords[scope].hint}</p>
          </div>
        </div>
      ))}
      {chosen.length === 0 && <p role="status" className="text-xs text-bad">Choose at least one.</p>}
    </fieldset>
  );
}
