/** A field of several lines. */
import type { ComponentProps } from 'react';
import { classNames } from './class-names.ts';
import { fieldLook } from './input.tsx';

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea className={classNames(fieldLook, 'min-h-20 py-2 leading-5', className)} {...rest} />;
}
