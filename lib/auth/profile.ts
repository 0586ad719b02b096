/** The signed-in member for the frame of every page. */
import type { MemberActor } from '../actor.ts';
import { describeActor } from '../members/read.ts';
import type { Profile } from '../members/types.ts';
import { signInChoice } from './provider.ts';

export async function readProfile(actor: MemberActor): Promise<Profile> {
  return { ...(await describeActor(actor)), demo: signInChoice()?.demo ?? false };
}
