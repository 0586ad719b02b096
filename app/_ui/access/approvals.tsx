/** Changes that wait for a second admin, and those that were decided: what would change, who would gain what, and the two answers. */
'use client';
import { ArrowRight, CheckCheck } from 'lucide-react';
import { useState } from 'react';
import type { Gains, Proposal } from '#lib/access/types.ts';
import { proposal as proposalSchema } from '../client/schemas/access.ts';
import { useAct } from '../client/use-act.ts';
import { useList } from '../client/use-list.ts';
import { useFrame } from '../frame/frame-context.ts';
import { Badge } from '../primitives/badge.tsx';
import { Button } from '../primitives/button.tsx';
import { EmptyState } from '../primitives/empty-state.tsx';
import { ErrorNote } from '../primitives/error-note.tsx';
import { PageHeader } from '../primitives/page-header.tsx';
import { SkeletonLines } from '../primitives/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../primitives/tabs.tsx';
import { TimeAgo } from '../primitives/time-ago.tsx';
import { changeInWords, dayInWords, gainInWords, gainsInWords, proposalInWords, stateWords } from './proposal-words.ts';

const changes = ['/api/proposals', '/api/collections', '/api/documents', '/api/groups', '/api/members'];

export function Approvals() {
  return (
    <div className="grid max-w-[56rem] gap-6">
      <PageHeader
        title="Approvals"
        description="What is granted to a sensitive group stays with that group until two admins agree on something else. A change that reaches beyond it waits here for an admin other than the one who proposed it, for fourteen days."
      />
      <Tabs defaultValue="open">
        <TabsList aria-label="Waiting or decided" className="-mx-4 px-4">
          <TabsTrigger value="open">Waiting</TabsTrigger>
          <TabsTrigger value="closed">Decided</TabsTrigger>
        </TabsList>
        <TabsContent value="open"><ProposalList state="open" /></TabsContent>
        <TabsContent value="closed"><ProposalList state="closed" /></TabsContent>
      </Tabs>
    </div>
  );
}

function ProposalList({ state }: { state: 'open' | 'closed' }) {
  const list = useList(`/api/proposals?state=${state}`, proposalSchema);
  if (list.error !== null) return <ErrorNote error={list.error} onRetry={list.reload} className="mt-4" />;
  if (list.items === undefined) return <SkeletonLines lines={4} label="Reading proposals" className="pt-4" />;
  if (list.items.length === 0) {
    return (
      <EmptyState icon={CheckCheck} title={state === 'open' ? 'Nothing waits for a second admin' : 'Nothing was decided yet'}>
        {state === 'open' ? 'Groups are marked as sensitive under Members and groups.' : 'Approved, declined and lapsed proposals are kept here.'}
      </EmptyState>
    );
  }
  return (
    <>
      <ul aria-label={state === 'open' ? 'Waiting proposals' : 'Decided proposals'} className="divide-y divide-line-soft">
        {list.items.map((proposal) => <ProposalItem key={proposal.id} proposal={proposal} />)}
      </ul>
      {list.hasMore && <Button className="mt-4" disabled={list.loadingMore} onClick={list.loadMore}>Show more</Button>}
    </>
  );
}

function ProposalItem({ proposal }: { proposal: Proposal }) {
  const [now] = useState(() => new Date());
  const change = changeInWords(proposal, now);
  return (
    <li className="grid gap-3 py-5">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-1">
        <h2 dir="auto" className="min-w-0 flex-1 basis-64 text-base font-medium break-words">{proposalInWords(proposal, now)}</h2>
        {proposal.state !== 'open' && <Badge tone={proposal.state === 'approved' ? 'ok' : 'neutral'}>{stateWords[proposal.state]}</Badge>}
      </div>
      {change !== null && (
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-ink-2">
          <span>Now: {change.now}</span> <ArrowRight aria-hidden className="size-3.5 text-ink-3" /> <span>Then: {change.then}</span>
        </p>
      )}
      {proposal.gains !== null && <WhoGains proposal={proposal} gains={proposal.gains} />}
      <p className="text-xs text-ink-3">
        Proposed by {proposal.proposedBy.name} <TimeAgo at={proposal.proposedAt} />
        {proposal.decidedAt === null ? <>, can be decided until {dayInWords(proposal.endsAt)}</> : <>; {stateWords[proposal.state].toLowerCase()} by {proposal.decidedBy ?? 'somebody'} <TimeAgo at={proposal.decidedAt} /></>}
      </p>
      {(proposal.state === 'open' || proposal.state === 'void') && <Decision proposal={proposal} />}
    </li>
  );
}

function WhoGains({ proposal, gains }: { proposal: Proposal; gains: Gains }) {
  return (
    <div className="rounded-lg bg-panel px-3.5 py-3 text-sm">
      <p dir="auto" className="break-words">{gainsInWords(proposal, gains)}{gains.members > 0 && ':'}</p>
      {gains.members > 0 && (
        <ul className="mt-1 grid gap-0.5">
          {gains.objects.map((object) => <li key={gainInWords(object)} dir="auto" className="flex gap-2 break-words text-ink-2 before:text-ink-3 before:content-['–']">{gainInWords(object)}</li>)}
        </ul>
      )}
    </div>
  );
}

function Decision({ proposal }: { proposal: Proposal }) {
  const { person } = useFrame();
  const { act, busy } = useAct();
  const own = proposal.proposedBy.id === person.id;
  const decide = (how: 'approve' | 'decline', done: string) => void act({ path: `/api/proposals/${proposal.id}/${how}`, method: 'POST', done, changes });
  return (
    <div className="flex flex-wrap items-center gap-2">
      {!own && proposal.state === 'open' && <Button variant="primary" disabled={busy} onClick={() => decide('approve', 'Approved; it counts from now on')}>Approve</Button>}
      <Button disabled={busy} onClick={() => decide('decline', own ? 'Withdrawn' : 'Declined')}>{own ? 'Withdraw' : 'Decline'}</Button>
      {own && <p className="text-sm text-ink-2">You proposed this. Another admin has to approve it.</p>}
      {proposal.state === 'void' && <p className="text-sm text-ink-2">{proposal.proposedBy.name} is no admin any more, so this cannot be approved.</p>}
    </div>
  );
}
