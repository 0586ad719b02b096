/** Chooses one of a short list. For long lists use the palette's search instead. */
'use client';
import { Check, ChevronDown } from 'lucide-react';
import { Select as Radix } from 'radix-ui';
import { classNames } from './class-names.ts';
import { floatLook } from './dropdown-menu.tsx';
import { fieldLook } from './input.tsx';

interface SelectProps<Value extends string> {
  value: Value;
  onValueChange: (value: Value) => void;
  options: readonly { value: Value; label: string; hint?: string }[];
  /** Names the control where no visible label is tied to it. */
  label?: string;
  id?: string;
  disabled?: boolean;
  /** In a row of a table: the border shows only on hover and focus, so that a column of them stays calm. */
  quiet?: boolean;
  className?: string;
}

export function Select<Value extends string>({ value, onValueChange, options, label, id, disabled, quiet = false, className }: SelectProps<Value>) {
  const choose = (chosen: string): void => {
    const option = options.find((candidate) => candidate.value === chosen);
    if (option !== undefined) onValueChange(option.value);
  };
  return (
    <Radix.Root value={value} onValueChange={choose} {...(disabled === undefined ? {} : { disabled })}>
      <Radix.Trigger {...(id === undefined ? {} : { id })} {...(label === undefined ? {} : { 'aria-label': label })} className={classNames(fieldLook, 'flex h-8 items-center justify-between gap-2 text-left', quiet && 'border-transparent bg-transparent hover:border-line hover:bg-raised disabled:hover:border-transparent disabled:hover:bg-transparent', className)}>
        <span className="truncate">
          <Radix.Value />
        </span>
        <Radix.Icon>
          <ChevronDown className="size-4 text-ink-3" />
        </Radix.Icon>
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content position="popper" sideOffset={4} collisionPadding={8} className={classNames(floatLook, 'max-h-72 min-w-(--radix-select-trigger-width) overflow-hidden')}>
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item key={option.value} value={option.value} className="relative flex cursor-default flex-col rounded-md py-1.5 pr-3 pl-8 text-sm outline-none select-none data-[highlighted]:bg-hover">
                <Radix.ItemIndicator className="absolute top-2 left-2">
                  <Check className="size-4 text-ink-3" />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.hint !== undefined && <span className="text-xs text-ink-3">{option.hint}</span>}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
