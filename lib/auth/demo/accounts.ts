/** The three people of the demo company who can sign in, one for each role. */
import type { Role } from '../../actor.ts';

export interface DemoAccount {
  /** The subject that the demo provider names; stands in `accounts.provider_account_id`. */
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly groups: readonly string[];
  /** What the sign-in page says about them. */
  readonly about: string;
}

export const demoAccounts: readonly DemoAccount[] = [
  { id: 'mara-kovac', name: 'Mara Kovac', email: 'mara.kovac@halden.example', role: 'employee', groups: ['Engineering'], about: 'Employee: asks questions and reads what her groups may read' },
  { id: 'jonas-lind', name: 'Jonas Lind', email: 'jonas.lind@halden.example', role: 'admin', groups: ['IT'], about: 'Admin: uploads documents and decides who may read them' },
  { id: 'ines-roth', name: 'Ines Roth', email: 'ines.roth@halden.example', role: 'compliance', groups: ['Compliance'], about: 'Compliance: sees who was told what, and from which text' },
];
