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
  /** What the sign-in page says about them. */
  readonly about: string;
}

const roleWords = {
  employee: 'Employee: asks, and reads what their groups may read',
  admin: 'Admin: keeps documents, rights and models',
  compliance: 'Compliance: sees who was told what, and from which text',
} as const satisfies Record<Role, string>;

export const demoAccounts: readonly DemoAccount[] = members.map(({ name, email, role, groups, job }) => ({
  id: name.toLowerCase().replaceAll(' ', '-'),
  name,
  email,
  role,
  groups: demoGroups.filter(({ slug }) => slug !== 'everyone' && groups.includes(slug)).map((group) => group.name),
  about: `${job}. ${roleWords[role]}.`,
}));
