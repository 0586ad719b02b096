/** The head of a page's content: what it is, one line about it, and what can be done here. */
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  className?: string;
}

export function PageHeader({ title, description, actions, className }: PageHeaderProps) {
  return (
    <div className={classNames('flex flex-wrap items-start gap-x-6 gap-y-3', className)}>
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-xl font-semibold break-words">{title}</h1>
        {description !== undefined && <div className="mt-1 max-w-[72ch] text-sm text-ink-2">{description}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  );
}
