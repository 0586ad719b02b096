/** "How was this answered?": the steps with their times, the passages with their scores, the model, and the records that prove it. */
'use client';
import type { ReactNode } from 'react';
import type { Evidence, Method } from '#lib/answer/events.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../primitives/table.tsx';
import { seconds } from './progress-line.tsx';
import { stepInWords } from './step-words.ts';
import { passagesOf, type TurnView } from './turn-view.ts';

export function MethodDetails({ turn, method }: { turn: TurnView; method: Method }) {
  return (
    <section aria-label="How this was answered" className="mt-2 grid animate-enter gap-6 rounded-lg bg-panel px-4 py-4 text-sm">
      <Steps steps={method.steps} />
      <Scores passages={passagesOf(turn)} />
      <Facts turn={turn} method={method} />
    </section>
  );
}

function Steps({ steps }: { steps: Method['steps'] }) {
  const total = steps.reduce((sum, step) => sum + step.ms, 0);
  const longest = Math.max(1, ...steps.map((step) => step.ms));
  return (
    <Part title={`Steps, ${seconds(total)} in all`}>
      <ol className="grid gap-1">
        {steps.map((step) => (
          <li key={step.name} className="grid grid-cols-[1fr_5rem_3.5rem] items-center gap-3">
            <span className="text-ink-2">{stepInWords(step.name)}</span>
            <span aria-hidden className="h-1 rounded-full bg-line-soft">
              <span className="block h-full min-w-px rounded-full bg-accent" style={{ width: `${(step.ms / longest) * 100}%` }} />
            </span>
            <span className="text-right text-xs tabular-nums">{step.ms < 1000 ? `${Math.round(step.ms)} ms` : seconds(step.ms)}</span>
          </li>
        ))}
      </ol>
    </Part>
  );
}

function Scores({ passages }: { passages: Evidence[] }) {
  if (passages.length === 0) return null;
  const score = (value: number | null, digits: number): string => (value === null ? 'not listed' : value.toFixed(digits));
  return (
    <Part title="Passages and how they were judged">
      <Table label="Passages and their scores" boxClassName="-mx-3">
        <TableHead className="bg-panel">
          <tr>
            <TableHeader>Passage</TableHeader>
            <TableHeader className="text-right">Words</TableHeader>
            <TableHeader className="text-right">Meaning</TableHeader>
            <TableHeader className="text-right max-sm:hidden">Together</TableHeader>
            <TableHeader>Cited</TableHeader>
          </tr>
        </TableHead>
        <TableBody>
          {passages.map((one) => (
            <TableRow key={one.id}>
              <TableCell className="w-full max-w-0 truncate" title={one.title}>
                {one.number} {one.title}
              </TableCell>
              <TableCell className="text-right text-xs whitespace-nowrap">{score(one.scores.lexical, 2)}</TableCell>
              <TableCell className="text-right text-xs whitespace-nowrap">{score(one.scores.semantic, 3)}</TableCell>
              <TableCell className="text-right text-xs max-sm:hidden">{one.scores.fused.toFixed(3)}</TableCell>
              <TableCell>{one.cited ? 'yes' : 'no'}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Part>
  );
}

function Facts({ turn, method }: { turn: TurnView; method: Method }) {
  const { generator, embedder, tokens, sampling, candidates } = method;
  const facts: [string, ReactNode][] = [
    ['Searched for', method.query],
    ['Search', `${method.retrieval === 'hybrid' ? 'by words and by meaning' : 'by words only'}; ${candidates.lexical} and ${candidates.semantic} candidates`],
    ['Written by', <ModelFile key="generator" file={generator} none="no model; sentences were quoted" />],
    ['Meaning by', <ModelFile key="embedder" file={embedder} none="no model; words alone were compared" />],
    ['Tokens', tokens === null ? 'none' : `${tokens.prompt.toLocaleString('en')} read, ${tokens.completion.toLocaleString('en')} written`],
    ['Sampling', sampling === null ? 'none' : `temperature ${sampling.temperature}, seed ${sampling.seed}`],
    ['Prompt', method.promptSha256 === null ? 'none' : <Hash value={method.promptSha256} />],
    ['Invented citations', method.inventedCitations === 0 ? 'none' : `${method.inventedCitations} removed before display`],
    ['Audit records', [turn.askedRecord, turn.answeredRecord].filter((record) => record !== null).map((record) => record.toLocaleString('en')).join(' (asked), ') + (turn.answeredRecord === null ? '' : ' (answered)')],
  ];
  return (
    <Part title="What was used">
      <dl className="grid grid-cols-[7.5rem_1fr] gap-x-4 gap-y-1 max-sm:grid-cols-1">
        {facts.map(([name, value]) => (
          <div key={name} className="contents max-sm:block">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function ModelFile({ file, none }: { file: Method['generator']; none: string }) {
  if (file === null) return none;
  return (
    <>
      {file.name}
      {file.file !== null && <span className="block font-mono text-xs break-all text-ink-2">{file.file}</span>}
      {file.sha256 !== null && <Hash value={file.sha256} />}
    </>
  );
}

function Hash({ value }: { value: string }) {
  return <span className="block font-mono text-2xs break-all text-ink-2 select-all">sha256:{value}</span>;
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <h3 className="mb-2 text-xs font-medium tracking-normal text-ink-3">{title}</h3>
      {children}
    </div>
  );
}
