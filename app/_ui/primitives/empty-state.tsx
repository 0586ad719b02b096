/** What a list says when it is empty: what belongs here, and the one thing to do about it. */
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';

interface EmptyStateProps {
  icon?: LucideIcon;
  title: string;
  /** This is all the page has to say, so its title is the page's heading. */
  heading?: boolean;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}

export function EmptyState({ icon: Icon, title, heading = false, children, action, className }: EmptyStateProps) {
  const Title = heading ? 'h1' : 'p';
  return (
    <div className={classNames('mx-auto flex max-w-md flex-col items-center px-6 py-14 text-center', className)}>
      {Icon !== undefined && <Icon aria-hidden className="mb-3 size-6 stroke-[1.5] text-ink-3" />}
      <Title className="text-base font-medium tracking-normal text-balance">{title}</Title>
      {children !== undefined && <div className="mt-1 text-sm text-pretty text-ink-2">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
