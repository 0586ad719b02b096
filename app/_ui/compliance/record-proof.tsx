/** The right-hand column of a record: whether its bytes match their hash, by which model, how long it took, and further views. */
'use client';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import type { RecordInFull } from '#lib/audit/types.ts';
import { stepInWords } from '../ask/step-words.ts';
import { Button } from '../primitives/button.tsx';
import { classNames } from '../primitives/class-names.ts';
import type { RecordStory } from './record-content.ts';

export function RecordProof({ record, story }: { record: RecordInFull; story: RecordStory }) {
  return (
    <aside aria-label="Proof" className="grid content-start gap-6 text-sm">
      <IntactNote intact={record.intact} />
      <Facts title="In the log">
        <Fact name="Position" value={record.seq.toLocaleString('en')} />
        <Fact name="Committed" value={record.at} mono />
        <Fact name="Leaf hash" value={record.leafHash} mono />
        {record.contentSha256 !== null && <Fact name="Texts' SHA-256" value={record.contentSha256} mono />}
        {record.requestId !== null && <Fact name="Request" value={record.requestId} mono />}
      </Facts>
      {[story.generator, story.embedder].map((model, index) => model !== null && (
        <Facts key={index} title={index === 0 ? 'Model that answered' : 'Model that searched'}>
          <Fact name="Name" value={model.name} />
          <Fact name="File" value={model.file ?? 'not stated by the server'} />
          <Fact name="SHA-256" value={model.sha256 ?? 'not stated by the server'} mono={model.sha256 !== null} />
        </Facts>
      ))}
      {story.steps.length > 0 && (
        <Facts title="Time it took" columns="grid-cols-[minmax(0,1fr)_auto]">
          {story.steps.map((step) => (
            <div key={step.name} className="contents">
              <dt className="text-ink-3">{stepInWords(step.name)}</dt>
              <dd className="text-right tabular">{Math.round(step.ms).toLocaleString('en')} ms</dd>
            </div>
          ))}
        </Facts>
      )}
      <nav aria-label="Further views" className="grid justify-items-start gap-2">
        {record.actorId !== null && <ViewLink href={`/compliance/records?actor=${record.actorId}`}>Everything by this person</ViewLink>}
        {record.subjectKind === 'document' && record.subjectId !== null && <ViewLink href={`/compliance/records?document=${record.subjectId}`}>Everything about this document</ViewLink>}
        {record.subjectKind === 'collection' && record.subjectId !== null && <ViewLink href={`/compliance/records?collection=${record.subjectId}`}>Everything about this collection</ViewLink>}
        <ViewLink href={`/compliance/records?event=${record.event}`}>Every act of this kind</ViewLink>
      </nav>
    </aside>
  );
}

function IntactNote({ intact }: { intact: boolean }) {
  const Icon = intact ? CircleCheck : TriangleAlert;
  return (
    <div role={intact ? undefined : 'alert'} className={classNames('flex gap-3 rounded-lg px-3.5 py-3', intact ? 'bg-ok-soft' : 'bg-bad-soft')}>
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', intact ? 'text-ok' : 'text-bad')} />
      <div>
        <p className={classNames('font-medium', intact ? 'text-ok' : 'text-bad')}>{intact ? 'Matches its stored hash' : 'Does not match its stored hash'}</p>
        <p className="mt-0.5 text-xs text-ink-2">
          {intact
            ? 'Hashed again just now: the stored bytes give the leaf hash below, and the texts the hash in the record.'
            : 'Hashed again just now: the stored bytes no longer give the hash that was stored with them. The database was changed from outside.'}
        </p>
      </div>
    </div>
  );
}

function Facts({ title, columns = 'grid-cols-[6.5rem_minmax(0,1fr)]', children }: { title: string; columns?: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-2 text-sm font-medium tracking-normal">{title}</h2>
      <dl className={classNames('grid gap-x-3 gap-y-1', columns)}>{children}</dl>
    </section>
  );
}

function Fact({ name, value, mono = false }: { name: string; value: string; mono?: boolean }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className={classNames('break-all', mono && 'font-mono text-xs leading-5 select-all')}>{value}</dd>
    </>
  );
}

function ViewLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Button asChild size="sm">
      <Link href={href} prefetch={false}>
        {children}
      </Link>
    </Button>
  );
}
