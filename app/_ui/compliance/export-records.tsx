/** Chooses a range of signed records and downloads them as a file that verifies without this installation. */
'use client';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { logState } from '../client/schemas/audit.ts';
import { useData } from '../client/use-data.ts';
import { Button } from '../primitives/button.tsx';
import { Checkbox } from '../primitives/checkbox.tsx';
import { Dialog, DialogClose, DialogContent, DialogTrigger } from '../primitives/dialog.tsx';
import { Field } from '../primitives/field.tsx';
import { Input } from '../primitives/input.tsx';
import { rangeProblem } from './record-words.ts';

export function ExportRecords() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button><Download aria-hidden /> Export</Button>
      </DialogTrigger>
      {open && <ExportForm onDone={() => setOpen(false)} />}
    </Dialog>
  );
}

function ExportForm({ onDone }: { onDone: () => void }) {
  const { data: log } = useData('/api/audit/log', logState);
  const [given, setGiven] = useState<{ first: string; last: string | null; contents: boolean }>({ first: '0', last: null, contents: false });
  const signed = log?.checkpoint === undefined || log.checkpoint === null ? null : log.checkpoint.size - 1;
  const last = given.last ?? String(signed ?? 0);
  const problem = signed === null ? null : rangeProblem(given.first, last, signed);
  const query = new URLSearchParams({ first: given.first, last, contents: given.contents ? 'with' : 'without' });
  const canExport = signed !== null && problem === null;
  return (
    <DialogContent
      title="Export records"
      description="One file with the exact bytes of every record in the range and the signed checkpoints. npx attest-verify checks it with the verifier key alone. The export is recorded."
      actions={
        <>
          <DialogClose asChild>
            <Button>Cancel</Button>
          </DialogClose>
          {canExport
            ? <Button asChild variant="primary"><a href={`/api/audit/export?${query.toString()}`} download onClick={onDone}>Download</a></Button>
            : <Button variant="primary" disabled>Download</Button>}
        </>
      }
    >
      {log !== undefined && signed === null
        ? <p className="text-sm text-ink-2">No record is signed yet. The first checkpoint comes within a minute.</p>
        : (
          <div className="grid gap-4">
            <div className="grid grid-cols-2 gap-3">
              <Field label="First record">{(control) => <Input {...control} inputMode="numeric" value={given.first} onChange={(event) => setGiven({ ...given, first: event.target.value })} />}</Field>
              <Field label="Last record">{(control) => <Input {...control} inputMode="numeric" value={last} onChange={(event) => setGiven({ ...given, last: event.target.value })} />}</Field>
            </div>
            <p role="status" className={problem === null ? 'text-xs text-ink-3' : 'text-xs text-bad'}>{problem ?? (signed === null ? '' : `Records 0 to ${signed.toLocaleString('en')} are signed.`)}</p>
            <label className="flex items-start gap-2.5 text-sm">
              <Checkbox className="mt-0.5" checked={given.contents} onCheckedChange={(checked) => setGiven({ ...given, contents: checked === true })} />
              <span>
                With the texts of questions, answers and passages
                <span className="block text-xs text-ink-3">Without them the file holds who, what and when, and the hash of each text.</span>
              </span>
            </label>
          </div>
        )}
    </DialogContent>
  );
}
