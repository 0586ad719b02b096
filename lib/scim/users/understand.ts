/** From the attributes that a directory sends to what a member is made of. It knows no database. */
import type { Role } from '../../actor.ts';
import { ScimError } from '../error.ts';
import { isObject } from '../filter/evaluate.ts';
import { checkPrimary } from '../input.ts';
import type { ScimClient, ScimObject, ScimValue } from '../types.ts';

/** What a member becomes. */
export interface Wanted {
  email: string;
  name: string;
  /** Lower case. */
  userName: string;
  externalId: string | null;
  /** Undefined: not said. */
  active: boolean | undefined;
  provisioned: ScimObject;
}

const nameCharactersMax = 200;
const userNameCharactersMax = 320;
// As sign-in reads addresses (lib/auth/identity.ts): more cannot be known without sending mail.
const addressShape = /^[^\s@\p{C}"]{1,64}@[^\s@\p{C}"]{1,255}$/u;

/** Reads the attributes of a whole user. Throws ScimError 'invalidValue'. */
export function understandUser(attributes: ScimObject): Wanted {
  checkPrimary(attributes);
  const { active, externalId, ...provisioned } = attributes;
  const userName = provisioned['userName'];
  if (typeof userName !== 'string') throw new ScimError('invalidValue', 'A user needs a "userName".');
  if (userName.length > userNameCharactersMax) throw new ScimError('invalidValue', `"userName" is longer than ${userNameCharactersMax} characters.`);
  const email = addressOf(provisioned['emails'], userName);
  return {
    email,
    name: nameOf(provisioned, userName).slice(0, nameCharactersMax),
    userName: userName.toLowerCase(),
    externalId: typeof externalId === 'string' ? externalId : null,
    active: typeof active === 'boolean' ? active : undefined,
    provisioned,
  };
}

/** The address that somebody signs in with: the primary one, else the work address, else the first; without any, a userName that is one. */
function addressOf(emails: ScimValue | undefined, userName: string): string {
  const list = Array.isArray(emails) ? emails.filter(isObject) : [];
  const chosen = list.find((each) => each['primary'] === true) ?? list.find((each) => String(each['type'] ?? '').toLowerCase() === 'work') ?? list[0];
  const given = String(chosen === undefined ? userName : (chosen['value'] ?? '')).trim().toLowerCase();
  if (addressShape.test(given) && given.normalize('NFKC') === given) return given;
  throw new ScimError('invalidValue', chosen === undefined ? 'A user needs an e-mail address, in "emails" or as "userName".' : `"${given.slice(0, 100)}" is no e-mail address.`);
}

function nameOf({ displayName, name }: ScimObject, userName: string): string {
  if (typeof displayName === 'string') return displayName;
  const { formatted, givenName, familyName } = isObject(name) ? name : {};
  if (typeof formatted === 'string') return formatted;
  const parts = [givenName, familyName].filter((part) => typeof part === 'string');
  return parts.length === 0 ? userName : parts.join(' ');
}

/** The role that a directory's roles give through this client; undefined where they give none: nothing is mapped, or nothing is said. */
export function roleOf({ adminRole }: ScimClient, roles: ScimValue | undefined): Role | undefined {
  if (adminRole === null || !Array.isArray(roles)) return undefined;
  return roles.some((each) => isObject(each) && String(each['value'] ?? '').toLowerCase() === adminRole.toLowerCase()) ? 'admin' : 'employee';
}
