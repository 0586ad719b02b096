/** Around every page: tells them what may be uploaded, and keeps the tray of uploads over them while one goes from page to page. */
'use client';
import { useEffect, type ReactNode } from 'react';
import { useFrame } from '../../frame/frame-context.ts';
import type { UploadLimits } from './check-file.ts';
import { UploadLimitsContext } from './upload-context.ts';
import { restoreUploads, useUploads } from './upload-queue.ts';
import { isSending } from './upload-state.ts';
import { UploadTray } from './upload-tray.tsx';

export function Uploads({ limits, children }: { limits: UploadLimits; children: ReactNode }) {
  const { person } = useFrame();
  const uploads = useUploads();
  useEffect(() => restoreUploads(person.id), [person.id]);
  useWarningBeforeLeaving(uploads.some(isSending));
  return (
    <UploadLimitsContext value={limits}>
      {children}
      <UploadTray uploads={uploads} />
    </UploadLimitsContext>
  );
}

/** The browser asks before it leaves the product, because files on their way would be cut off. */
function useWarningBeforeLeaving(active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [active]);
}
