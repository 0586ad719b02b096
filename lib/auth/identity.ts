/** A person as the identity provider describes them: foreign claims read once, at the edge. It decides nothing. */
import { z } from 'zod';
import { roles } from '../actor.ts';
import { clockSecondsMax } from './signature.ts';

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
  sid: optional(z.string().min(1).max(subjectCharactersMax)),
  auth_time: optional(z.number().positive()),
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
  /** Names from the groups claim. */
  groups: string[];
  /** Why there are none although the provider was asked for them; for the audit log. */
  groupsNote?: 'missing' | 'wrong-type' | 'too-many' | 'overage';
  /** What the provider calls the session there, for being told that it has ended. */
  providerSession?: string;
  /** When the provider last had the person prove who they are. Unset: it did not say, or said what cannot be. */
  authenticatedAt?: Date;
  /** From the role claim, read only where the provider is our own demo. */
  role: (typeof roles)[number] | undefined;
}

/** What has to be known of a provider to read its claims. */
export interface ClaimReading {
  provider: string;
  groupsClaim: string;
  trustsRole: boolean;
  /** Whether an address counts as verified where the provider does not say. */
  trustsEmail?: boolean;
}

/** Reads claims that a verified ID token and userinfo answer hold. Throws a ZodError without a usable `sub`. */
export function readIdentity(given: unknown, from: ClaimReading): Identity {
  const read = claims.parse(given);
  const authenticatedAt = readAuthTime(read.auth_time);
  const email = readEmail(read.email);
  const name = read.name ?? read.preferred_username ?? (typeof email === 'string' ? email.split('@')[0] : undefined) ?? read.sub;
  return {
    provider: from.provider,
    subject: read.sub,
    email: typeof email === 'string' ? { address: email, verified: read.email_verified ?? (from.trustsEmail === true ? true : undefined) } : email.problem,
    name: name.slice(0, nameCharactersMax),
    ...readGroups(read, from.groupsClaim),
    role: from.trustsRole ? read.role : undefined,
    ...(read.sid === undefined ? {} : { providerSession: read.sid }),
    ...(authenticatedAt === undefined ? {} : { authenticatedAt }),
  };
}

/**
 * The groups that the claim names. A claim that is missing, of another type or too long names none, and so does Entra's
 * pointer to where more than 200 groups can be fetched: nobody is let in on a half or on what another service says.
 */
export function readGroups(given: Readonly<Record<string, unknown>>, claim: string): Pick<Identity, 'groups' | 'groupsNote'> {
  const value = findClaim(given, claim);
  if (value === undefined || value === null) return { groups: [], groupsNote: isOverage(given, claim) ? 'overage' : 'missing' };
  const named = groupNames.safeParse(value);
  if (!named.success) return { groups: [], groupsNote: Array.isArray(value) && value.length > groupsMax ? 'too-many' : 'wrong-type' };
  return { groups: named.data };
}

/** A claim by its whole name, which may hold dots, else by its way through objects: `realm_access.roles`. */
function findClaim(given: Readonly<Record<string, unknown>>, claim: string): unknown {
  if (Object.hasOwn(given, claim)) return given[claim];
  let found: unknown = given;
  for (const part of claim.split('.')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found) || !Object.hasOwn(found, part)) return undefined;
    found = Object.getOwnPropertyDescriptor(found, part)?.value;
  }
  return found;
}

/** OpenID Connect Core 5.6.2 as Entra uses it, and its shorter form `hasgroups`. */
function isOverage(given: Readonly<Record<string, unknown>>, claim: string): boolean {
  const elsewhere = given['_claim_names'];
  const named = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, claim);
  return named || given['hasgroups'] === true || given['hasgroups'] === 'true';
}

/** Seconds since 1970. A time to come is none, as it would stay recent for ever; what clocks may differ by counts as now. */
function readAuthTime(seconds: number | undefined): Date | undefined {
  if (seconds === undefined || seconds * 1000 > Date.now() + clockSecondsMax * 1000) return undefined;
  return new Date(Math.min(seconds * 1000, Date.now()));
}

/** Lower case. An address that Unicode compatibility would turn into another one (ａ@x into a@x) is refused, not repaired. */
function readEmail(given: string | undefined): string | { problem: 'missing' | 'unusable' } {
  if (given === undefined) return { problem: 'missing' };
  const address = given.toLowerCase();
  return emailShape.test(address) && address.normalize('NFKC') === address ? address : { problem: 'unusable' };
}
