/** The people of the demo company who can sign in, one for each role; prisma/demo/accounts.test.ts holds them equal to it. */
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

export const demoAccounts: readonly DemoAccount[] = [
  { id: 'mara-kovac', name: 'Mara Kovac', email: 'mara.kovac@halden.example', role: 'employee', groups: ['Sales'], job: 'Area sales manager, central Europe' },
  { id: 'jonas-lind', name: 'Jonas Lind', email: 'jonas.lind@halden.example', role: 'admin', groups: ['IT', 'Finance'], job: 'Head of IT, Finance and IT division' },
  { id: 'ines-roth', name: 'Ines Roth', email: 'ines.roth@halden.example', role: 'compliance', groups: ['People', 'Board'], job: 'Head of compliance, secretary of the board' },
];
