/** Joins class names; later Tailwind utilities win over earlier ones of the same kind. */
import { clsx, type ClassValue } from 'clsx';
import { extendTailwindMerge } from 'tailwind-merge';

const merge = extendTailwindMerge({
  extend: { classGroups: { 'font-size': [{ text: ['2xs', 'xs', 'sm', 'base', 'answer', 'lg', 'xl'] }] } },
});

/** One class attribute from any mix of strings, conditions and lists. */
export function classNames(...values: ClassValue[]): string {
  return merge(clsx(values));
}
