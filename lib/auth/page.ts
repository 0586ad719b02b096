/** Who looks at a page, for server components. Every page asks here; nothing relies on proxy.ts having run. */
import { randomUUID } from 'node:crypto';
import { cookies, headers } from 'next/headers.js';
import { forbidden, redirect } from 'next/navigation.js';
import { cache } from 'react';
import { isPermitted, type Permission } from '../access/permissions.ts';
import type { MemberActor } from '../actor.ts';
import { Problem } from '../errors.ts';
import { recordRefusal } from '../http/refusal.ts';
import { withinRequest } from '../request.ts';
import { sessionCookieName } from './cookies.ts';
import { findActor, tokenIn } from './session.ts';

/** Request header in which proxy.ts passes the path of the page; used only to come back after signing in. */
export const pathHeader = 'x-attest-path';

/** The member who is signed in, or null. One look-up per page, however many components ask. */
export const readActorFromCookies = cache(async (): Promise<MemberActor | null> => {
  const jar = await cookies();
  return findActor(tokenIn(jar.get(sessionCookieName())?.value));
});

/**
 * The member looking at this page. Sends everybody else to /sign-in and back; shows app/forbidden.tsx (status 403)
 * and records the refusal when a permission is asked for that the member's role does not have.
 */
export async function requireActor(permission?: Permission): Promise<MemberActor> {
  const actor = await readActorFromCookies();
  const path = (await headers()).get(pathHeader) ?? '/';
  if (actor === null) redirect(path === '/' ? '/sign-in' : `/sign-in?from=${encodeURIComponent(path)}`);
  if (permission !== undefined && !isPermitted(actor.role, permission)) {
    await withinRequest(randomUUID(), () => recordRefusal({ method: 'GET', url: path }, actor, new Problem('not-permitted')));
    forbidden();
  }
  return actor;
}
