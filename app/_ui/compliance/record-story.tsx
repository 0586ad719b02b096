/** A record's story in the order in which it happened: asked, searched, served, answered, and the other acts of the same turn. */
'use client';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import { auditEvents, type RecordInFull } from '#lib/audit/types.ts';
import { CitationNumber } from '../primitives/citation-chip.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { factName, supportInWords, type RecordStory, type ServedEvidence } from './record-content.ts';
import { actorInWords } from './record-words.ts';

export function RecordStoryView({ record, story }: { record: RecordInFull; story: RecordStory }) {
  return (
    <ol className="mt-6 border-l border-line pl-6">
      {story.question !== null && (
        <Moment title="Asked">
          <p className="text-answer break-words whitespace-pre-wrap">{story.question}</p>
        </Moment>
      )}
      {story.evidence.length > 0 && (
        <Moment title={`Served to the model: ${story.evidence.length === 1 ? '1 passage' : `${story.evidence.length} passages`}, as they were`}>
          <ul className="divide-y divide-line-soft rounded-lg border border-line-soft bg-raised">
            {story.evidence.map((evidence) => (
              <ServedPassage key={evidence.number} evidence={evidence} />
            ))}
          </ul>
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
          <dl className="grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1 text-sm">
            {story.facts.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-ink-3">{factName(name)}</dt>
                <dd className="break-words">{value}</dd>
              </div>
            ))}
          </dl>
        </Moment>
      )}
      {record.related.map((other) => (
        <Moment key={other.seq} title={<Link href={`/compliance/records/${other.seq}`} className="hover:underline">{`${auditEvents[other.event]}, record ${other.seq.toLocaleString('en')}`}</Link>}>
          <p className="text-sm text-ink-2">
            {actorInWords(other)}
            {other.subjectName === null ? '' : `: ${other.subjectName}`}, <TimeAgo at={other.at} />
          </p>
        </Moment>
      ))}
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

function ServedPassage({ evidence }: { evidence: ServedEvidence }) {
  return (
    <li>
      <details className="group px-3 py-2">
        <summary className="flex items-center gap-2.5 text-sm marker:content-none">
          <CitationNumber number={evidence.number} />
          <span className="min-w-0 flex-1 truncate">
            {evidence.title}
            {evidence.versionNumber !== null && <span className="text-ink-3"> version {evidence.versionNumber}</span>}
          </span>
          <span className="text-xs text-ink-3">{evidence.cited === false ? 'served, not cited' : ''}</span>
          <span className="font-mono text-xs text-ink-3" title={evidence.textSha256}>
            {evidence.textSha256.slice(0, 8)}
          </span>
        </summary>
        <p className="mt-2 border-l-2 border-line pl-3 text-sm break-words whitespace-pre-wrap text-ink-2">{evidence.text}</p>
        {evidence.because.length > 0 && <p className="mt-2 pl-3 text-xs text-ink-3">Readable through {evidence.because.join(', ')}</p>}
      </details>
    </li>
  );
}
