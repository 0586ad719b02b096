/** Ends the session on the server and leaves the page, which also empties everything that was read into memory. */
import { z } from 'zod';
import { draftPrefix } from '../client/draft.ts';
import { request } from '../client/fetch.ts';
import { describeFailure } from '../client/problem.ts';
import { toast } from '../primitives/toast.tsx';

/** Drafts go too: the next person at this window must not find them. A sign-out that failed says so and changes nothing. */
export async function signOut(): Promise<void> {
  let next: string;
  try {
    // The provider's own sign-out where it has one, else our sign-in page.
    next = (await request('/api/auth/signout', { method: 'POST', body: {}, schema: z.object({ url: z.union([z.url({ protocol: /^https?$/ }), z.string().startsWith('/sign-in')]) }) })).url;
  } catch (error) {
    toast.error(describeFailure(error).detail);
    return;
  }
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(draftPrefix)) sessionStorage.removeItem(key);
  }
  window.location.assign(next);
}
