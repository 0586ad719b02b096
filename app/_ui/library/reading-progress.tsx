/** How far a version is on its way from upload to ready, step by step. */
import { Check } from 'lucide-react';
import type { VersionRow, VersionState } from '#lib/documents/types.ts';
import { classNames } from '../primitives/class-names.ts';
import { Progress } from '../primitives/progress.tsx';
import { versionInWords, versionProgress } from './version-words.ts';

const steps = [
  { state: 'waiting', title: 'Uploaded', does: 'The file is here, complete. It waits for its turn.' },
  { state: 'parsing', title: 'Read', does: 'Text, headings, tables and their places are taken from the file.' },
  { state: 'embedding', title: 'Indexed', does: 'Each passage is made findable by its words and by its meaning.' },
  { state: 'ready', title: 'Ready', does: 'It can be asked about.' },
] as const satisfies readonly { state: VersionState; title: string; does: string }[];

export function ReadingProgress({ version }: { version: VersionRow }) {
  const at = steps.findIndex(({ state }) => state === version.state);
  return (
    <div className="mx-auto w-full max-w-md px-6 py-14">
      <p role="status" className="text-base font-medium">{versionInWords(version)}</p>
      <Progress value={versionProgress(version)} label="Reading of this version" className="mt-3" />
      <ol className="mt-6 grid gap-4">
        {steps.map(({ state, title, does }, index) => (
          <li key={state} className={classNames('flex gap-3 text-sm', index > at && 'text-ink-3')} {...(index === at ? { 'aria-current': 'step' as const } : {})}>
            <span aria-hidden className={classNames('mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border', index < at ? 'border-ok-line bg-ok-soft text-ok' : index === at ? 'animate-breathe border-accent bg-accent-soft' : 'border-line')}>
              {index < at && <Check className="size-3 stroke-[2.5]" />}
            </span>
            <span>
              <span className={classNames('block', index <= at && 'font-medium')}>{title}</span>
              <span className={index > at ? '' : 'text-ink-2'}>{does}</span>
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
