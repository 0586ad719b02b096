/** Who is signed in: name, role, groups, what they can see; their sessions; signing out. */
'use client';
import { Keyboard, KeyRound, LogOut, MonitorSmartphone } from 'lucide-react';
import Link from 'next/link.js';
import type { ReactNode } from 'react';
import type { Profile } from '#lib/members/types.ts';
import type { Role } from '#lib/actor.ts';
import { profile as profileSchema } from '../client/schemas/people.ts';
import { useData } from '../client/use-data.ts';
import { Avatar } from '../primitives/avatar.tsx';
import { Popover, PopoverClose, PopoverContent, PopoverTrigger } from '../primitives/popover.tsx';
import { useFrame, type Person } from './frame-context.ts';
import { signOut } from './sign-out.ts';

export const roleLabels: Record<Role, string> = { employee: 'Employee', admin: 'Administrator', compliance: 'Compliance reviewer' };

/** "4 collections, 212 documents" */
export function describeReach(profile: Pick<Profile, 'collections' | 'documents'>): string {
  const count = (amount: number, noun: string): string => `${amount.toLocaleString('en')} ${noun}${amount === 1 ? '' : 's'}`;
  return `${count(profile.collections, 'collection')}, ${count(profile.documents, 'document')}`;
}

const itemLook = 'flex w-full items-center gap-2.5 rounded-md px-2 py-1.5 text-left text-sm hover:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3';

/** `children`: another button to open it with than the person's name. */
export function PersonMenu({ narrow = false, children }: { narrow?: boolean; children?: ReactNode }) {
  const { person, setLayer } = useFrame();
  const { data: profile } = useData('/api/profile', profileSchema);
  return (
    <Popover>
      <PopoverTrigger asChild>{children ?? <PersonButton person={person} profile={profile} narrow={narrow} />}</PopoverTrigger>
      <PopoverContent side="top" align="start" aria-label="You" className="w-64 p-0">
        <AboutPerson person={person} profile={profile} />
        <ul className="border-t border-line-soft p-1">
          <li>
            <PopoverClose asChild>
              <Link href="/sessions" className={itemLook}>
                <MonitorSmartphone aria-hidden /> Where you are signed in
              </Link>
            </PopoverClose>
          </li>
          <li>
            <PopoverClose asChild>
              <Link href="/keys" className={itemLook}>
                <KeyRound aria-hidden /> API keys
              </Link>
            </PopoverClose>
          </li>
          <li className="max-md:hidden">
            <PopoverClose className={itemLook} onClick={() => setLayer('keys')}>
              <Keyboard aria-hidden /> Keyboard
            </PopoverClose>
          </li>
          <li className="mt-1 border-t border-line-soft pt-1">
            <button type="button" className={itemLook} onClick={() => void signOut()}>
              <LogOut aria-hidden /> Sign out
            </button>
          </li>
        </ul>
      </PopoverContent>
    </Popover>
  );
}

function AboutPerson({ person, profile }: { person: Person; profile: Profile | undefined }) {
  return (
    <div className="px-3 pt-2.5 pb-3">
      <p className="truncate font-medium">{person.name}</p>
      <p className="truncate text-xs text-ink-3">{person.email}</p>
      <dl className="mt-2 grid grid-cols-[4.5rem_1fr] gap-y-0.5 text-xs">
        <dt className="text-ink-3">Role</dt>
        <dd>{roleLabels[person.role]}</dd>
        <dt className="text-ink-3">Groups</dt>
        <dd>{profile === undefined ? '' : profile.groups.join(', ') || 'none'}</dd>
        <dt className="text-ink-3">Can see</dt>
        <dd>{profile === undefined ? '' : describeReach(profile)}</dd>
      </dl>
    </div>
  );
}

function PersonButton({ person, profile, narrow, ...rest }: { person: Person; profile: Profile | undefined; narrow: boolean }) {
  return (
    <button
      type="button"
      className="flex w-full items-center gap-2.5 rounded-lg p-1.5 text-left hover:bg-hover data-[state=open]:bg-hover"
      {...rest}
    >
      <Avatar name={person.name} />
      {narrow && (
        <span className="sr-only">
          {person.name}, {roleLabels[person.role]}
        </span>
      )}
      {!narrow && (
        <span className="min-w-0">
          <span className="block truncate text-sm leading-[18px] font-medium">{person.name}</span>
          <span className="block truncate text-xs text-ink-3">{profile === undefined ? roleLabels[person.role] : describeReach(profile)}</span>
        </span>
      )}
    </button>
  );
}
