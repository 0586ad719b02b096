/** What a list says when it is empty: what belongs here, and the one thing to do about it. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface EmptyStateProps {
  icon?: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon: Icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={classNames('mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center', className)}>
      {Icon !== undefined && <Icon aria-hidden className="mb-3 size-6 stroke-[1.5] text-ink-3" />}
      <p className="text-base font-medium text-balance">{title}</p>
      {children !== undefined && <div className="mt-1 text-sm text-pretty text-ink-2">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
