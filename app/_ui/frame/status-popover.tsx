/** The state of the product in a dot and a few words; the parts in whole sentences on click. */
'use client';
import { Cpu, Database, FileStack, RadioTower, ShieldAlert } from 'lucide-react';
import type { SystemStatus } from '#lib/members/types.ts';
import { describeFailure } from '../client/problem.ts';
import { systemStatus } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';
import { Dot } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '../primitives/popover.tsx';

const everyMs = 20_000;
type State = SystemStatus['state'];
type Part = SystemStatus['parts'][number]['name'];

const words: Record<State, string> = { working: 'All systems working', limited: 'Working with limits', failing: 'Something is failing' };
const shortWords: Record<State, string> = { working: 'Working', limited: 'Limited', failing: 'Failing' };
const tones = { working: 'ok', limited: 'weak', failing: 'bad' } as const;
const parts: Record<Part, { label: string; icon: typeof Cpu }> = {
  models: { label: 'Models', icon: Cpu },
  ingestion: { label: 'Reading documents', icon: FileStack },
  database: { label: 'Database', icon: Database },
  log: { label: 'Signing of the records', icon: ShieldAlert },
  siem: { label: 'Records to the SIEM', icon: RadioTower },
};

export function StatusPopover() {
  const { data, error } = useData('/api/status', systemStatus, { everyMs });
  // No answer is itself a state: the server cannot be reached.
  const state: State | null = error !== null ? 'failing' : (data?.state ?? null);
  const label = state === null ? 'Checking' : words[state];
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="quiet" size="sm" className="font-normal" aria-label={`System: ${label}`}>
          <Dot tone={state === null ? 'neutral' : tones[state]} />
          <span className="max-lg:sr-only">{label}</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="State of the system" className="p-0">
        {error !== null && <p className="px-3.5 py-3 text-ink-2">{describeFailure(error).detail}</p>}
        {error === null && data !== undefined && (
          <ul className="divide-y divide-line-soft">
            {data.parts.map((part) => (
              <StatusPart key={part.name} part={part} />
            ))}
          </ul>
        )}
      </PopoverContent>
    </Popover>
  );
}

function StatusPart({ part }: { part: SystemStatus['parts'][number] }) {
  const { label, icon: Icon } = parts[part.name];
  return (
    <li className="flex gap-3 px-3.5 py-3">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.6] text-ink-3" />
      <div className="min-w-0 flex-1">
        <p className="flex items-center justify-between gap-2 font-medium">
          {label}
          <span className="flex items-center gap-1.5 text-xs font-normal text-ink-2">
            <Dot tone={tones[part.state]} /> {shortWords[part.state]}
          </span>
        </p>
        <p className="text-ink-2">{part.sentence}</p>
      </div>
    </li>
  );
}
