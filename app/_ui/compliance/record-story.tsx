/** A record's story in the order in which it happened: asked, searched, served, answered, and the other acts of the same turn. */
'use client';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import { auditEvents, type RecordInFull, type RecordRow } from '#lib/audit/types.ts';
import { CitationNumber } from '../primitives/citation-chip.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { factName, isCode, supportInWords, type RecordStory, type ServedEvidence } from './record-content.ts';
import { actInWords, actorInWords } from './record-words.ts';

export function RecordStoryView({ record, story }: { record: RecordInFull; story: RecordStory }) {
  return (
    <ol className="mt-6 border-l border-line pl-6">
      {story.question !== null && (
        <Moment title="Asked">
          <p className="text-answer break-words whitespace-pre-wrap">{story.question}</p>
        </Moment>
      )}
      {story.evidence.length > 0 && (
        <Moment title={`Served${record.event === 'search.served' ? ' to the program' : record.outcome === 'answered' ? ' to the model' : ''}: ${story.evidence.length === 1 ? '1 passage' : `${story.evidence.length} passages`}, as they were`}>
          <ul className="divide-y divide-line-soft rounded-lg border border-line-soft bg-raised">
            {story.evidence.map((evidence) => (
              <ServedPassage key={evidence.number} evidence={evidence} />
            ))}
          </ul>
        </Moment>
      )}
      {story.answer === null && record.outcome === 'abstained' && (
        <Moment title="Answered">
          <p className="text-answer text-ink-2">The documents that {actorInWords(record)} may read do not answer this.</p>
        </Moment>
      )}
      {story.answer !== null && (
        <Moment title={story.generator === null ? 'Answered' : `Answered by ${story.generator.name}`}>
          <p className="text-answer break-words whitespace-pre-wrap">{story.answer}</p>
        </Moment>
      )}
      {story.sentences.length > 0 && (
        <Moment title="Checked">
          <p className="text-sm">{supportInWords(story.sentences)}: each sentence against the passages it cites</p>
        </Moment>
      )}
      {story.comment !== null && (
        <Moment title="Said about it">
          <p className="break-words whitespace-pre-wrap">{story.comment}</p>
        </Moment>
      )}
      {story.facts.length > 0 && (
        <Moment title="Facts in the record">
          <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[minmax(9rem,auto)_minmax(0,1fr)]">
            {story.facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{factName(name)}</dt>
                <dd className={isCode(value) ? 'font-mono text-xs leading-5 break-all select-all max-sm:mb-1.5' : 'break-words max-sm:mb-1.5'}>{value}</dd>
              </div>
            ))}
          </dl>
        </Moment>
      )}
      {record.related.length > 0 && (
        <Moment title="In the same turn">
          <ul className="divide-y divide-line-soft rounded-lg border border-line-soft bg-raised text-sm">
            {record.related.map((other) => (
              <RelatedRecord key={other.seq} other={other} />
            ))}
          </ul>
        </Moment>
      )}
      {story.question === null && story.facts.length === 0 && record.related.length === 0 && (
        <Moment title={record.subjectName === null ? auditEvents[record.event] : `${auditEvents[record.event]}: ${record.subjectName}`}>
          <p className="text-sm text-ink-3">The record holds nothing more than who, what and when.</p>
        </Moment>
      )}
    </ol>
  );
}

function Moment({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <li className="relative pb-7 last:pb-0">
      <span aria-hidden className="absolute top-[7px] -left-[29px] size-[9px] rounded-full border border-line-strong bg-bg" />
      <h2 className="mb-1.5 text-sm font-normal tracking-normal text-ink-3">{title}</h2>
      {children}
    </li>
  );
}

function RelatedRecord({ other }: { other: RecordRow }) {
  return (
    <li className="relative flex flex-wrap items-baseline gap-x-3 px-3 py-2 first:rounded-t-lg last:rounded-b-lg hover:bg-hover/60">
      <Link href={`/compliance/records/${other.seq}`} className="min-w-0 break-words after:absolute after:inset-0 hover:underline">
        {actInWords(other)}
      </Link>
      <span className="ml-auto flex gap-3 text-xs text-ink-3">
        {actorInWords(other)}
        <TimeAgo at={other.at} className="relative" />
        <span className="font-mono">{other.seq.toLocaleString('en')}</span>
      </span>
    </li>
  );
}

function ServedPassage({ evidence }: { evidence: ServedEvidence }) {
  const { cited, versionNumber } = evidence;
  return (
    <li>
      <details className="group">
        <summary className="flex items-start gap-2.5 px-3 py-2 text-sm group-first:rounded-t-lg marker:content-none hover:bg-hover/60 focus-visible:-outline-offset-2">
          <CitationNumber number={evidence.number} className="mt-px" />
          <span className="min-w-0 flex-1">
            <span dir="auto" className="break-words">{evidence.title}</span>{' '}
            <span className="inline-block text-ink-3">{[versionNumber === null ? null : `version ${versionNumber}`, cited === false ? 'served, not cited' : null].filter(Boolean).join(', ')}</span>
          </span>
          <span className="mt-0.5 font-mono text-xs text-ink-3 max-sm:hidden" title={`SHA-256 ${evidence.textSha256}`}>
            {evidence.textSha256.slice(0, 8)}
          </span>
          <ChevronRight aria-hidden className="mt-[3px] size-3.5 shrink-0 text-ink-3 transition-transform group-open:rotate-90" />
        </summary>
        <div className="px-3 pt-0.5 pb-3">
          <p dir="auto" className="border-l-2 border-accent-line pl-3 text-sm break-words whitespace-pre-wrap text-ink-2">{evidence.text}</p>
          {evidence.because.length > 0 && <p className="mt-2 text-xs text-ink-3">Readable through {evidence.because.join(', ')}</p>}
          <p className="mt-1 font-mono text-2xs break-all text-ink-3 select-all">{evidence.textSha256}</p>
        </div>
      </details>
    </li>
  );
}
