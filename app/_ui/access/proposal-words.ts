/** Proposals in words: what is to be changed, and who would gain what by it. Pure. */
import type { Gains, Proposal, ProposalState } from '#lib/access/types.ts';
import { documentsInWords, joinNames } from '../library/collection-words.ts';
import { grantInWords } from '../library/grant-words.ts';

type About = Pick<Proposal, 'kind' | 'collection' | 'document' | 'to' | 'group' | 'permission' | 'expiresAt' | 'before'>;

/** "Let the group Sales read Board papers, until 3 May 2026". */
export function proposalInWords(proposal: About, now: Date): string {
  const { kind, to, group, permission } = proposal;
  const who = to === null ? 'somebody' : to.kind === 'group' ? `the group ${to.name}` : to.name;
  const what = objectInWords(proposal);
  const inside = group?.name ?? 'a group that was removed';
  switch (kind) {
    case 'add-grant':
      return `Let ${who} ${permission === 'edit' ? 'read and edit' : 'read'} ${what}${endInWords(proposal.expiresAt, now)}`;
    case 'change-grant':
      return `Change what ${who} may do with ${what}`;
    case 'open-document':
      return `Open ${what} to everybody who may read ${proposal.collection?.name ?? 'its collection'}`;
    case 'nest-group':
    case 'add-member':
      return `Put ${who} into the group ${inside}`;
    case 'unmark-group':
      return `Take the mark “sensitive” from the group ${inside}`;
    case 'release':
      return `Release ${what} from ${inside}`;
  }
}

/** For a changed grant: how it is and how it would be; null for everything else. */
export function changeInWords({ kind, before, permission, expiresAt }: About, now: Date): { now: string; then: string } | null {
  if (kind !== 'change-grant' || before === null || permission === null) return null;
  return { now: grantInWords(before, now), then: grantInWords({ permission, expiresAt }, now) };
}

function objectInWords({ document, collection }: About): string {
  if (document !== null) return `“${document.title}”${collection === null ? '' : ` in ${collection.name}`}`;
  return collection?.name ?? 'a collection that was removed';
}

function endInWords(expiresAt: string | null, now: Date): string {
  return expiresAt === null ? '' : `, ${grantInWords({ permission: 'read', expiresAt }, now).split(', ')[1] ?? ''}`;
}

/** "Mara Kovac and 3 more would be able to", or what it means that nobody gains anything at once. */
export function gainsInWords({ kind }: Pick<Proposal, 'kind'>, { members, names }: Gains): string {
  if (kind === 'unmark-group' || kind === 'release') return 'Nobody gains access by this at once. From then on one admin alone can grant it to anybody.';
  if (members === 0) return 'Nobody gains anything by this at once. Whoever joins later does.';
  return `${joinNames([...names, ...Array.from({ length: members - names.length }, () => '')], names.length)} would be able to`;
}

/** "read Board papers, 12 documents" */
export function gainInWords({ collection, document, permission, documents }: Gains['objects'][number]): string {
  const verb = permission === 'edit' ? 'read and edit' : 'read';
  return document === null ? `${verb} ${collection}, ${documentsInWords(documents)}` : `${verb} “${document}” in ${collection}`;
}

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' });

/** "3 May 2026" */
export function dayInWords(at: string): string {
  return day.format(new Date(at));
}

export const stateWords: Record<ProposalState, string> = {
  open: 'Waiting',
  approved: 'Approved',
  declined: 'Declined',
  withdrawn: 'Withdrawn',
  expired: 'Time over',
  void: 'Cannot be approved',
};
