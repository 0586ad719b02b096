/** Filters the list below it while one types. Escape empties it. */
'use client';
import { Search } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { classNames } from './class-names.ts';
import { Input } from './input.tsx';

interface FilterFieldProps {
  value: string;
  onValueChange: (value: string) => void;
  /** Names the field and stands in it while it is empty: "Find a document". */
  label: string;
  className?: string;
}

export function FilterField({ value, onValueChange, label, className }: FilterFieldProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || value === '') return;
    event.preventDefault();
    onValueChange('');
  };
  return (
    <div className={classNames('relative', className)}>
      <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <Input type="search" aria-label={label} placeholder={label} value={value} onChange={(event) => onValueChange(event.target.value)} onKeyDown={onKeyDown} className="pl-8" />
    </div>
  );
}
