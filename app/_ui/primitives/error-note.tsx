/** A failure in words, where it happened: what went wrong, the reference that finds it in the log, and a way to try again. */
'use client';
import { CircleAlert, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { describeFailure } from '../client/problem.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';

interface ErrorNoteProps {
  error: unknown;
  onRetry?: () => void;
  /** Words before the detail: what was being done. */
  title?: string;
  children?: ReactNode;
  className?: string;
}

export function ErrorNote({ error, onRetry, title, children, className }: ErrorNoteProps) {
  const { detail, requestId } = describeFailure(error);
  return (
    <div role="alert" className={classNames('flex gap-3 rounded-lg bg-bad-soft px-3.5 py-3 text-sm', className)}>
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 flex-1">
        {title !== undefined && <p className="font-medium">{title}</p>}
        <p className="break-words text-ink">{detail}</p>
        {children}
        {requestId !== null && (
          <p className="mt-1 text-xs text-ink-2">
            Reference <span className="font-mono select-all">{requestId}</span>
          </p>
        )}
      </div>
      {onRetry !== undefined && (
        <Button size="sm" onClick={onRetry}>
          <RotateCw /> Try again
        </Button>
      )}
    </div>
  );
}
