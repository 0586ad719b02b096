/** Chooses the collections that a question searches. */
'use client';
import { ChevronDown } from 'lucide-react';
import { Checkbox } from '../primitives/checkbox.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '../primitives/popover.tsx';
import type { Scope } from './use-scope.ts';

export function ScopePicker({ collections, chosen, choose }: Scope) {
  const all = collections ?? [];
  const isChosen = (id: string): boolean => chosen === null || chosen.includes(id);
  const toggle = (id: string): void => {
    const before = chosen ?? all.map((one) => one.id);
    choose(before.includes(id) ? before.filter((one) => one !== id) : [...before, id]);
  };
  return (
    <Popover>
      <PopoverTrigger asChild>
        <button type="button" disabled={all.length === 0} className="inline-flex h-7 max-w-56 items-center gap-1.5 rounded-full border border-line bg-raised px-2.5 text-xs text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-60">
          <span className="truncate">{describeScope(all.map((one) => one.name), chosen === null ? null : all.filter((one) => isChosen(one.id)).map((one) => one.name))}</span>
          <ChevronDown aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        </button>
      </PopoverTrigger>
      <PopoverContent align="start" side="top" aria-label="Collections to search" className="max-h-80 overflow-y-auto p-1.5">
        <div className="flex items-center justify-between px-2 py-1">
          <span className="text-xs text-ink-3">Search in</span>
          <button type="button" disabled={chosen === null} onClick={() => choose(null)} className="rounded-sm text-xs font-medium text-accent disabled:text-ink-3">
            All
          </button>
        </div>
        {all.map((one) => (
          <label key={one.id} className="flex items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-hover">
            <Checkbox checked={isChosen(one.id)} onCheckedChange={() => toggle(one.id)} disabled={isChosen(one.id) && (chosen ?? all).length === 1} />
            <span className="min-w-0 flex-1 truncate">{one.name}</span>
            <span className="text-xs text-ink-3 tabular-nums">{one.documents.toLocaleString('en')}</span>
          </label>
        ))}
      </PopoverContent>
    </Popover>
  );
}

/** "All 4 collections", "People", "People and 2 more" */
export function describeScope(all: readonly string[], chosen: readonly string[] | null): string {
  if (chosen === null) return all.length === 0 ? 'No collections' : all.length === 1 ? (all[0] ?? '') : `All ${all.length} collections`;
  const [first = '', ...others] = chosen;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}
