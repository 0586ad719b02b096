/** The three roles, which file serves each, and the choice of another. */
'use client';
import { modelRoles, type ModelRole, type ModelsStatus } from '#lib/models/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { classNames } from '../primitives/class-names.ts';
import { Select } from '../primitives/select.tsx';
import { roleInWords, roleWords } from './model-words.ts';
import { useAct } from '../client/use-act.ts';

/** Values of the list that are no file: file names end in .gguf. */
const nobody = 'nobody';
const automatic = 'automatic';
const stateBadges = {
  ready: { tone: 'ok', words: 'ready' },
  loading: { tone: 'accent', words: 'loading' },
  failed: { tone: 'bad', words: 'failed' },
} as const;

export function ModelRoles({ status }: { status: ModelsStatus }) {
  return (
    <section aria-label="Roles" className="divide-y divide-line-soft border-y border-line-soft">
      {modelRoles.map((role) => (
        <RoleLine key={role} role={role} status={status} />
      ))}
    </section>
  );
}

function RoleLine({ role, status }: { role: ModelRole; status: ModelsStatus }) {
  const { act, busy } = useAct();
  const now = status.roles[role];
  const badge = now.state === 'none' ? null : stateBadges[now.state];
  const fitting = status.models.filter((model) => model.fits.includes(role));
  const options = [
    { value: automatic, label: 'Choose automatically', ...(now.chosen || now.file === null ? {} : { hint: now.file }) },
    { value: nobody, label: 'None' },
    ...fitting.map((model) => ({ value: model.file, label: model.name, hint: model.file })),
  ];
  const choose = (value: string) =>
    act({ path: '/api/models/roles', method: 'PUT', body: { role, ...(value === automatic ? { automatic: true } : { file: value === nobody ? null : value }) }, done: 'The choice is made; it takes over when it is loaded', changes: ['/api/models', '/api/status'] });
  return (
    <div className="grid items-start gap-x-8 gap-y-2 py-4 md:grid-cols-[16rem_minmax(0,1fr)_16rem]">
      <div>
        <h2 className="text-base font-medium tracking-normal">{roleWords[role].title}</h2>
        <p className="text-xs text-ink-3">{roleWords[role].does}</p>
      </div>
      <div className="min-w-0 text-sm">
        <p className="flex flex-wrap items-center gap-2">
          <span className={classNames('truncate font-medium', now.state === 'none' && 'text-ink-3')} title={now.file ?? undefined}>{now.name ?? now.model ?? 'No model'}</span>
          {badge !== null && <Badge tone={badge.tone}>{badge.words}</Badge>}
        </p>
        <p className="mt-0.5 text-ink-2">{roleInWords(now)}</p>
        {now.sha256 !== null && <p className="mt-0.5 truncate font-mono text-xs text-ink-3" title={now.sha256}>{now.sha256}</p>}
      </div>
      {status.managed && (fitting.length > 0 || now.chosen) && (
        <Select label={`Model that ${roleWords[role].title.toLowerCase()}`} value={now.chosen ? (now.file ?? nobody) : automatic} options={options} disabled={busy} onValueChange={(value) => void choose(value)} />
      )}
    </div>
  );
}
