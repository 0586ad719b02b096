/** The uploads of this window at the bottom right, on a phone over the whole width: one line a file, folded away when asked. */
'use client';
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { Button } from '../../primitives/button.tsx';
import { Progress } from '../../primitives/progress.tsx';
import { UploadLine } from './upload-line.tsx';
import { clearFinished } from './upload-queue.ts';
import { isFinished, orderUploads, type Upload } from './upload-state.ts';
import { announcement, uploadProgress, uploadsInWords } from './upload-words.ts';

export function UploadTray({ uploads }: { uploads: readonly Upload[] }) {
  const [folded, setFolded] = useState(false);
  const box = useRef<HTMLElement>(null);
  const shown = uploads.length > 0;
  useHeightForToasts(box, shown);
  return (
    <>
      <Announcements uploads={uploads} />
      {shown && (
        <section
          ref={box}
          aria-label="Uploads"
          className="fixed inset-x-0 bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-30 flex max-h-[min(26rem,48dvh)] animate-from-bottom flex-col border-t border-line bg-raised shadow-float md:inset-x-auto md:max-h-[min(26rem,60dvh)] md:right-4 md:bottom-4 md:w-96 md:rounded-xl md:border"
        >
          <TrayHead uploads={uploads} folded={folded} onFold={setFolded} />
          {!folded && (
            <ul className="min-h-0 flex-1 divide-y divide-line-soft overflow-y-auto overscroll-contain border-t border-line-soft">
              {orderUploads(uploads).map((upload) => (
                <UploadLine key={upload.id} upload={upload} />
              ))}
            </ul>
          )}
        </section>
      )}
    </>
  );
}

interface TrayHeadProps {
  uploads: readonly Upload[];
  folded: boolean;
  onFold: (folded: boolean) => void;
}

function TrayHead({ uploads, folded, onFold }: TrayHeadProps) {
  const finished = uploads.filter(isFinished).length;
  const trouble = uploads.some(({ phase }) => phase === 'failed' || phase === 'refused' || phase === 'cut-off');
  const share = uploads.reduce((sum, upload) => sum + (isFinished(upload) ? 1 : uploadProgress(upload)), 0) / Math.max(1, uploads.length);
  return (
    <div className="shrink-0">
      <div className="flex h-11 items-center gap-1 pr-2 pl-4">
        <h2 className="min-w-0 flex-1 truncate text-sm font-medium tracking-normal">{uploadsInWords(uploads)}</h2>
        {finished > 0 && finished < uploads.length && <Button variant="quiet" size="sm" onClick={clearFinished}>Clear finished</Button>}
        <Button variant="quiet" size="icon" aria-label={folded ? 'Unfold the uploads' : 'Fold the uploads'} aria-expanded={!folded} onClick={() => onFold(!folded)}>
          {folded ? <ChevronUp /> : <ChevronDown />}
        </Button>
        {finished === uploads.length && (
          <Button variant="quiet" size="icon" aria-label="Close the uploads" onClick={clearFinished}><X /></Button>
        )}
      </div>
      {folded && finished < uploads.length && <Progress value={share} label="All uploads" tone={trouble ? 'weak' : 'accent'} className="rounded-none" />}
    </div>
  );
}

/** Says aloud what came of the uploads; progress is left to those who look. */
function Announcements({ uploads }: { uploads: readonly Upload[] }) {
  const before = useRef(uploads);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const words = announcement(before.current, uploads);
    before.current = uploads;
    if (words !== '') setSaid(words);
  }, [uploads]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}

/** Toasts appear above the tray instead of over its buttons. */
function useHeightForToasts(box: RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    const element = box.current;
    if (!shown || element === null) return undefined;
    const root = document.documentElement.style;
    const observer = new ResizeObserver(() => root.setProperty('--tray-height', `${element.offsetHeight + 12}px`));
    observer.observe(element);
    return () => {
      observer.disconnect();
      root.removeProperty('--tray-height');
    };
  }, [box, shown]);
}
