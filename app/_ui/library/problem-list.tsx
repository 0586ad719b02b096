/** What of a version could not be read, with its page, and another try where all of it failed. */
'use client';
import { CircleCheck, RotateCw, TriangleAlert } from 'lucide-react';
import type { DocumentInFull, VersionRow } from '#lib/documents/types.ts';
import { useAct } from '../client/use-act.ts';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { Notice } from '../primitives/notice.tsx';
import { pageInWords } from './page-words.ts';
import type { ChosenPlace } from './use-chosen-place.ts';
import { isUnderWay } from './version-words.ts';

interface ProblemListProps {
  document: DocumentInFull;
  version: VersionRow;
  chosen: ChosenPlace;
}

export function ProblemList({ document, version, chosen }: ProblemListProps) {
  const { act, busy } = useAct();
  const retry = () =>
    act({ path: `/api/documents/${document.id}/versions/${version.id}/retry`, method: 'POST', done: `${document.title} is read again`, changes: ['/api/collections', `/api/documents/${document.id}`] });
  if (version.state === 'failed') {
    const again = document.mayEdit && document.version.id === version.id && <Button size="sm" disabled={busy} onClick={() => void retry()}><RotateCw /> Try again</Button>;
    return <Notice tone="bad" className="m-4" action={again}>{version.problem?.detail ?? 'This version could not be read.'}</Notice>;
  }
  if (isUnderWay(version)) return <EmptyState title="Not known yet">Problems are listed here once this version has been read.</EmptyState>;
  if (version.warnings.length === 0) return <EmptyState icon={CircleCheck} title="No problems">Everything in this version could be read.</EmptyState>;
  return (
    <div className="px-4 py-3">
      <p className="pb-2 text-xs text-ink-3">The rest of this version was read and can be asked about.</p>
      <ul className="divide-y divide-line-soft border-y border-line-soft">
        {version.warnings.map((warning, index) => (
          <li key={index} className="flex gap-2.5 py-2.5 text-sm">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 stroke-[1.6] text-weak" />
            <p className="min-w-0 flex-1 break-words">{warning.message}</p>
            {warning.page !== undefined && <PageOfWarning page={warning.page} version={version} chosen={chosen} readable={document.mayRead} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface PageOfWarningProps {
  page: number;
  version: VersionRow;
  chosen: ChosenPlace;
  readable: boolean;
}

function PageOfWarning({ page, version, chosen, readable }: PageOfWarningProps) {
  const words = pageInWords(version.format, page);
  // Only PDF pages can be shown by their number.
  if (version.format !== 'pdf' || !readable) return <span className="shrink-0 text-xs text-ink-3">{words}</span>;
  return <Button variant="quiet" size="sm" className="-my-1" onClick={() => chosen.choosePage(page)}>Show {words}</Button>;
}
