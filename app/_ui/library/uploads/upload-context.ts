/** What this installation takes, told to every page that uploads, and the one way to add files to the tray. */
'use client';
import { createContext, useCallback, useContext } from 'react';
import type { UploadLimits } from './check-file.ts';
import { addFiles } from './upload-queue.ts';
import type { UploadTarget } from './upload-state.ts';

export const UploadLimitsContext = createContext<UploadLimits | null>(null);

/** Only below app/(app)/layout.tsx. */
export function useUploadLimits(): UploadLimits {
  const limits = useContext(UploadLimitsContext);
  if (limits === null) throw new Error('useUploadLimits outside the frame');
  return limits;
}

export function useAddFiles(): (files: File[], target: UploadTarget) => void {
  const limits = useUploadLimits();
  return useCallback((files, target) => addFiles(files, target, limits), [limits]);
}
