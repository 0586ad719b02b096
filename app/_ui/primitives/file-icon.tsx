/** The kind of a document, as an icon with its name for screen readers. */
import { FileCode, FileSpreadsheet, FileText, FileType, Presentation, type LucideIcon } from 'lucide-react';
import type { Format } from '#lib/documents/types.ts';
import { classNames } from './class-names.ts';

const kinds: Record<Format, { label: string; icon: LucideIcon }> = {
  pdf: { label: 'PDF', icon: FileText },
  docx: { label: 'DOCX', icon: FileType },
  xlsx: { label: 'XLSX', icon: FileSpreadsheet },
  pptx: { label: 'PPTX', icon: Presentation },
  markdown: { label: 'MD', icon: FileCode },
  html: { label: 'HTML', icon: FileCode },
  text: { label: 'TXT', icon: FileText },
  csv: { label: 'CSV', icon: FileSpreadsheet },
};

/** "PDF", "MD": short enough for a column. */
export function formatLabel(format: Format): string {
  return kinds[format].label;
}

export function FileIcon({ format, className }: { format: Format; className?: string }) {
  const { icon: Icon, label } = kinds[format];
  return <Icon role="img" aria-label={label} className={classNames('size-4 shrink-0 stroke-[1.5] text-ink-3', className)} />;
}
