/** The signed-in member for the frame of every page. */
import type { MemberActor } from '../actor.ts';
import { describeActor } from '../members/read.ts';
import type { Profile } from '../members/types.ts';
import { environmentProviders } from './provider.ts';

export async function readProfile(actor: MemberActor): Promise<Profile> {
  return { ...(await describeActor(actor)), demo: environmentProviders().some(({ id }) => id === 'demo') };
}
