/** Asks before a document is deleted, saying what goes and what stays. */
'use client';
import type { DocumentRow } from '#lib/documents/types.ts';
import { useAct } from '../client/use-act.ts';
import { AlertDialog } from '../primitives/alert-dialog.tsx';

interface DeleteDocumentProps {
  document: DocumentRow;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDeleted?: () => void;
}

export function DeleteDocument({ document, open, onOpenChange, onDeleted }: DeleteDocumentProps) {
  const { act, busy } = useAct();
  const remove = async (): Promise<void> => {
    await act({
      path: `/api/documents/${document.id}`,
      method: 'DELETE',
      done: `${document.title} deleted`,
      changes: onDeleted === undefined ? ['/api/collections'] : [],
      onDone: () => onDeleted?.(),
    });
    onOpenChange(false);
  };
  const versions = document.version.number === 1 ? 'its file and its text' : `all ${document.version.number} versions of it, their files and their text`;
  return (
    <AlertDialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Delete ${document.title}?`}
      description={`Nobody finds or opens it from now on, and answers that rest on it are withheld. Then ${versions} are removed for good. The audit log keeps that it existed and who deleted it.`}
      action="Delete document"
      busy={busy}
      onConfirm={() => void remove()}
    />
  );
}
