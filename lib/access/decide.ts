/** A second admin decides on a proposal. The database carries it out or refuses, in the same step; here it is put in words and on record. */
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { sqlState, transaction, type Tx } from '../db/transaction.ts';
import { Problem, type ProblemCode } from '../errors.ts';
import { requireProposal } from './proposals.ts';
import type { Proposal } from './types.ts';

/** SQLSTATE of approve_proposal and of what it carries out -> what it means. */
const refusals: Record<string, readonly [ProblemCode, string]> = {
  ATG11: ['not-found', 'This proposal does not exist any more.'],
  ATG12: ['edit-conflict', 'Somebody else decided on this proposal in the meantime. Reload to see how.'],
  ATG13: ['edit-conflict', 'The time to decide on this proposal is over. Whoever still wants it proposes it again.'],
  ATG14: ['not-permitted', 'You proposed this yourself. Another admin has to look at it and approve it.'],
  ATG15: ['edit-conflict', 'Whoever proposed this is no admin any more, so it cannot be approved. Decline it, or propose it yourself.'],
  ATG17: ['edit-conflict', 'What this proposal was made for has changed or ended in the meantime, so it was not carried out. Decline it and look at how things are now.'],
  ATG01: ['group-cycle', 'By now these groups would stand inside each other, so this was not carried out.'],
  '23505': ['already-exists', 'This is so already: somebody made the same change in the meantime. Decline the proposal.'],
};

/** Events under which the carried-out change itself is found, beside 'grant.approved'. */
const carriedOut = {
  'add-grant': 'grant.added', 'change-grant': 'grant.changed', 'open-document': 'document.changed',
  'nest-group': 'nesting.added', 'add-member': 'membership.added', 'unmark-group': 'group.changed', release: 'collection.changed',
} as const;

/** Approves a proposal of another admin and carries it out. Throws Problem: not-found, not-permitted, edit-conflict, already-exists, group-cycle. */
export async function approveProposal(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const proposal = await requireProposal(tx, id);
    await decide(() => sql`select approve_proposal(${id})`.execute(tx));
    await record(tx, actor, { event: 'grant.approved', proposal });
    await record(tx, actor, { event: carriedOut[proposal.kind], proposal });
  });
}

/** Declines a proposal, or withdraws one's own. Throws Problem: not-found, edit-conflict. */
export async function declineProposal(actor: MemberActor, id: string): Promise<void> {
  await transaction(actor, async (tx) => {
    const proposal = await requireProposal(tx, id);
    await decide(() => sql`select decline_proposal(${id})`.execute(tx));
    await record(tx, actor, { event: 'grant.declined', proposal });
  });
}

async function decide(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const refusal = refusals[sqlState(error)];
    if (refusal === undefined) throw error;
    throw new Problem(refusal[0], { detail: refusal[1], cause: error });
  }
}

interface Decision {
  event: 'grant.approved' | 'grant.declined' | (typeof carriedOut)[Proposal['kind']];
  proposal: Proposal;
}

async function record(tx: Tx, actor: MemberActor, { event, proposal }: Decision): Promise<void> {
  const { id, kind, to, group, permission, expiresAt, before, proposedBy } = proposal;
  await appendRecord(tx, actor, {
    event,
    subject: subjectOf(event, proposal),
    ...(proposal.collection === null ? {} : { collectionId: proposal.collection.id }),
    ...(proposal.document === null ? {} : { documentId: proposal.document.id }),
    details: { proposal: id, kind, proposedBy: proposedBy.id, to, group, before, after: permission === null ? null : { permission, expiresAt } },
  });
}

function subjectOf(event: Decision['event'], { id, grantId, collection, document, group }: Proposal) {
  switch (event) {
    case 'document.changed':
      return { kind: 'document', id: document?.id ?? id, name: document?.title ?? '' } as const;
    case 'collection.changed':
      return { kind: 'collection', id: collection?.id ?? id, name: collection?.name ?? '' } as const;
    case 'nesting.added':
    case 'membership.added':
    case 'group.changed':
      return { kind: 'group', id: group?.id ?? id, name: group?.name ?? '' } as const;
    case 'grant.added':
    case 'grant.changed':
      // A grant that was proposed has the id of its proposal.
      return { kind: 'grant', id: grantId ?? id } as const;
    default:
      return { kind: 'proposal', id } as const;
  }
}
