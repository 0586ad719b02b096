/**
 * Files may be dropped anywhere on the page, while this is on it. Where one may not add files, a drop says so instead
 * of making the browser leave the page for the file.
 */
'use client';
import { Upload } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { toast } from '../primitives/toast.tsx';
import { filesIn } from './uploads/dropped-files.ts';

interface DropAreaProps {
  /** What the files would be added to. */
  name: string;
  allowed: boolean;
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

export function DropArea({ name, allowed, onFiles, children }: DropAreaProps) {
  const over = useDrop((transfer) => {
    if (!allowed) return void toast.error(`You may read ${name}, not add files to it. An admin can grant you the right to edit.`);
    void filesIn(transfer).then((files) => files.length > 0 && onFiles(files));
  });
  return (
    <div className="grid gap-5">
      {children}
      {over && allowed && (
        <div aria-hidden className="pointer-events-none fixed inset-2 z-40 grid animate-enter place-items-center rounded-xl border-2 border-dashed border-accent bg-accent-soft/85">
          <p className="flex items-center gap-2.5 rounded-lg bg-raised px-4 py-3 text-base font-medium shadow-float">
            <Upload className="size-5 text-accent" /> <span dir="auto">Drop to add to {name}</span>
          </p>
        </div>
      )}
    </div>
  );
}

/** True while files are being dragged over the window. */
function useDrop(onDrop: (transfer: DataTransfer) => void): boolean {
  // Entering a child comes before leaving its parent, so the window is left when as many were left as entered.
  const [depth, setDepth] = useState(0);
  useEffect(() => {
    const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (holdsFiles(event)) setDepth((value) => value + 1);
    };
    const leave = (event: DragEvent): void => {
      if (holdsFiles(event)) setDepth((value) => Math.max(0, value - 1));
    };
    const over = (event: DragEvent): void => {
      if (holdsFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      setDepth(0);
      if (!holdsFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      onDrop(event.dataTransfer);
    };
    const listeners = [['dragenter', enter], ['dragleave', leave], ['dragover', over], ['drop', drop]] as const;
    for (const [type, listener] of listeners) window.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) window.removeEventListener(type, listener);
    };
  }, [onDrop]);
  return depth > 0;
}
