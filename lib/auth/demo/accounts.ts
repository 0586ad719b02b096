/** The people of the demo company who can sign in, one for each role. */
import { groups as demoGroups, members } from '#prisma/demo/company.ts';
import type { Role } from '../../actor.ts';

export interface DemoAccount {
  /** The subject that the demo provider names; stands in `accounts.provider_account_id`. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Names for the groups claim. Everybody is in the group of everyone without being told. */
  readonly groups: readonly string[];
  /** What they do in the company. */
  readonly job: string;
}

export const demoAccounts: readonly DemoAccount[] = members.map(({ name, email, role, groups, job }) => ({
  id: name.toLowerCase().replaceAll(' ', '-'),
  name,
  email,
  role,
  groups: demoGroups.filter(({ slug }) => slug !== 'everyone' && groups.includes(slug)).map((group) => group.name),
  job,
}));
