/** A whole page that says one thing: not found, not permitted, failed. Inside the frame it keeps the bar at the top. */
'use client';
import Link from 'next/link.js';
import { useContext, type ReactNode } from 'react';
import { Button } from '../primitives/button.tsx';
import { FrameContext } from './frame-context.ts';
import { PageFrame } from './page-frame.tsx';

interface FullPageProps {
  /** "404", for those who look for it. */
  mark: string;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export function FullPage(props: FullPageProps) {
  const framed = useContext(FrameContext) !== null;
  if (framed) return <PageFrame crumbs={[{ label: props.title }]}><Content {...props} /></PageFrame>;
  return <main id="main" tabIndex={-1} className="px-5"><Content {...props} /></main>;
}

function Content({ mark, title, children, action }: FullPageProps) {
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-md flex-col justify-center py-10">
      <p className="font-mono text-xs break-all text-ink-3">{mark}</p>
      <h1 className="mt-2 text-xl font-semibold">{title}</h1>
      <div className="mt-2 text-base text-pretty text-ink-2">{children}</div>
      <div className="mt-6 flex flex-wrap gap-2">
        {action}
        <Button asChild>
          <Link href="/ask">Go to Ask</Link>
        </Button>
      </div>
    </div>
  );
}
