/** The model files on disk; on a phone each row holds its facts below the name. */
import type { ModelFile } from '#lib/models/types.ts';
import { Badge } from '../primitives/badge.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { bytesInWords } from '../primitives/bytes-in-words.ts';
import { roleWords, weightsInWords } from './model-words.ts';

const stateWords = { available: 'on disk', loading: 'loading', ready: 'in use', failed: 'cannot be used' } as const;

export function ModelFiles({ models }: { models: readonly ModelFile[] }) {
  return (
    <section className="grid gap-2">
      <h2 className="text-base font-medium tracking-normal">On disk</h2>
      <Table label="Model files" boxClassName="-mx-4 overflow-visible">
        <TableHead>
          <tr>
            <TableHeader>Model</TableHeader>
            <TableHeader className="w-48 max-lg:hidden">Can</TableHeader>
            <TableHeader className="w-24 text-right max-md:hidden">Size</TableHeader>
            <TableHeader className="w-28 max-lg:hidden">Licence</TableHeader>
            <TableHeader className="w-40 max-xl:hidden">SHA-256</TableHeader>
            <TableHeader className="w-28">State</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {models.map((model) => (
            <FileLine key={model.file} model={model} />
          ))}
        </TableBody>
      </Table>
    </section>
  );
}

function FileLine({ model }: { model: ModelFile }) {
  const facts = [model.architecture, model.parameters === null ? null : weightsInWords(model.parameters), model.quantisation].filter((fact) => fact !== null);
  const abilities = model.fits.length === 0 ? 'nothing here' : model.fits.map((role) => roleWords[role].title.toLowerCase()).join(', ');
  return (
    <TableRow>
      <TableCell className="max-w-0 py-2">
        <p className="flex items-center gap-2">
          <span className="truncate font-medium" title={model.name}>{model.name}</span>
          {model.registered && <Badge tone="ok" className="shrink-0">known file</Badge>}
        </p>
        <p className="text-xs break-words text-ink-3">{[model.file, ...facts].join(' · ')}</p>
        <p className="text-xs text-ink-3 lg:hidden">{[bytesInWords(model.bytes), model.licence ?? 'licence not stated', abilities].join(' · ')}</p>
        {model.problem !== null && <p className="mt-0.5 text-xs break-words text-bad">{model.problem}</p>}
      </TableCell>
      <TableCell className="text-ink-2 max-lg:hidden">{abilities}</TableCell>
      <TableCell className="text-right whitespace-nowrap text-ink-2 max-md:hidden">{bytesInWords(model.bytes)}</TableCell>
      <TableCell className="text-ink-2 max-lg:hidden">{model.licence ?? 'not stated'}</TableCell>
      <TableCell className="font-mono text-xs text-ink-3 max-xl:hidden" title={model.sha256 ?? undefined}>{model.sha256 === null ? 'being computed' : `${model.sha256.slice(0, 16)}…`}</TableCell>
      <TableCell>
        <Badge tone={model.state === 'ready' ? 'ok' : model.state === 'failed' ? 'bad' : 'neutral'}>{stateWords[model.state]}</Badge>
      </TableCell>
    </TableRow>
  );
}
