/** The model files on disk. */
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
      <Table label="Model files" className="min-w-[52rem]">
        <TableHead>
          <tr>
            <TableHeader>Model</TableHeader>
            <TableHeader className="w-44">Can</TableHeader>
            <TableHeader className="w-28">Size</TableHeader>
            <TableHeader className="w-28">Licence</TableHeader>
            <TableHeader className="w-40">SHA-256</TableHeader>
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
  return (
    <TableRow>
      <TableCell>
        <span className="font-medium">{model.name}</span>
        {model.registered && <Badge tone="ok" className="ml-2">known file</Badge>}
        <span className="block text-xs text-ink-3">{[model.file, ...facts].join(' · ')}</span>
        {model.problem !== null && <span className="block text-xs text-bad">{model.problem}</span>}
      </TableCell>
      <TableCell className="text-ink-2">{model.fits.length === 0 ? 'nothing here' : model.fits.map((role) => roleWords[role].title.toLowerCase()).join(', ')}</TableCell>
      <TableCell className="text-ink-2">{bytesInWords(model.bytes)}</TableCell>
      <TableCell className="text-ink-2">{model.licence ?? 'not stated'}</TableCell>
      <TableCell className="font-mono text-xs text-ink-3" title={model.sha256 ?? undefined}>{model.sha256 === null ? 'being computed' : `${model.sha256.slice(0, 16)}…`}</TableCell>
      <TableCell>
        <Badge tone={model.state === 'ready' ? 'ok' : model.state === 'failed' ? 'bad' : 'neutral'}>{stateWords[model.state]}</Badge>
      </TableCell>
    </TableRow>
  );
}
