/** What changes with a grant, and what the server says when somebody else changed it first. */
import { z } from 'zod';
import type { Grant } from '#lib/collections/types.ts';
import { isProblem } from '../client/problem.ts';
import { grant } from '../client/schemas/people.ts';

/** Paths of everything that shows who may read what. */
export const grantChanges = ['/api/collections', '/api/documents'];

const conflict = z.object({ current: grant });

/** The grant as somebody else left it, when that is why a change failed; else null. */
export function theirGrant(failure: unknown): Grant | null {
  if (!isProblem(failure, 'edit-conflict')) return null;
  return conflict.safeParse(failure.data).data?.current ?? null;
}
