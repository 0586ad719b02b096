/** A whole page that says one thing: not found, not permitted, failed. */
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import { Button } from '../primitives/button.tsx';

interface FullPageProps {
  /** "404", for those who look for it. */
  mark: string;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export function FullPage({ mark, title, children, action }: FullPageProps) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto flex min-h-[80dvh] max-w-md flex-col justify-center px-6 py-16">
      <p className="font-mono text-xs text-ink-3">{mark}</p>
      <h1 className="mt-2 text-xl font-semibold">{title}</h1>
      <div className="mt-2 text-base text-pretty text-ink-2">{children}</div>
      <div className="mt-6 flex gap-2">
        {action}
        <Button asChild>
          <Link href="/ask">Go to Ask</Link>
        </Button>
      </div>
    </main>
  );
}
