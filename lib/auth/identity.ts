/** A person as the identity provider describes them: foreign claims read once, at the edge. It decides nothing. */
import { z } from 'zod';
import { roles } from '../actor.ts';

const subjectCharactersMax = 255;
const nameCharactersMax = 200;
const groupsMax = 1000;

/** Absent, or of a type that makes no sense, is undefined: what is not understood gives no right. */
const optional = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const claims = z.looseObject({
  sub: z.string().min(1).max(subjectCharactersMax),
  email: optional(z.string().trim().min(1)),
  // Some providers write booleans as words.
  email_verified: optional(z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])),
  name: optional(z.string().trim().min(1)),
  preferred_username: optional(z.string().trim().min(1)),
  role: optional(z.enum(roles)),
});
const groupNames = z.union([z.array(z.string()).max(groupsMax), z.string().transform((name) => [name])]);
// One @ with something on both sides and no white space or control characters: more cannot be known without sending mail.
const emailShape = /^[^\s@\p{C}"]{1,64}@[^\s@\p{C}"]{1,255}$/u;

export interface Identity {
  provider: string;
  /** The provider's own name for the person; with `provider` the only thing that an account is recognised by. */
  subject: string;
  email: { address: string; verified: boolean | undefined } | 'missing' | 'unusable';
  name: string;
  /** Names from the groups claim. Missing claim, one of another type, or Entra's overage pointer: none. */
  groups: string[];
  /** From the role claim, read only where the provider is our own demo. */
  role: (typeof roles)[number] | undefined;
}

/** Reads claims that a verified ID token and userinfo answer hold. Throws a ZodError without a usable `sub`. */
export function readIdentity(given: unknown, from: { provider: string; groupsClaim: string; trustsRole: boolean }): Identity {
  const read = claims.parse(given);
  const groups = groupNames.safeParse(read[from.groupsClaim]);
  const email = readEmail(read.email);
  const name = read.name ?? read.preferred_username ?? (typeof email === 'string' ? email.split('@')[0] : undefined) ?? read.sub;
  return {
    provider: from.provider,
    subject: read.sub,
    email: typeof email === 'string' ? { address: email, verified: read.email_verified } : email.problem,
    name: name.slice(0, nameCharactersMax),
    groups: groups.success ? groups.data : [],
    role: from.trustsRole ? read.role : undefined,
  };
}

/** Lower case. An address that Unicode compatibility would turn into another one (ａ@x into a@x) is refused, not repaired. */
function readEmail(given: string | undefined): string | { problem: 'missing' | 'unusable' } {
  if (given === undefined) return { problem: 'missing' };
  const address = given.toLowerCase();
  return emailShape.test(address) && address.normalize('NFKC') === address ? address : { problem: 'unusable' };
}
