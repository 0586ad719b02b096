/** Ends the session on the server and leaves the page, which also empties everything that was read into memory. */
import { z } from 'zod';
import { send, request } from '../client/fetch.ts';
import { draftPrefix } from '../client/draft.ts';

/** next-auth's sign-out wants its own form token beside the same-origin check. */
export async function signOut(): Promise<void> {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(draftPrefix)) sessionStorage.removeItem(key);
  }
  const { csrfToken } = await request('/api/auth/csrf', { schema: z.object({ csrfToken: z.string() }) });
  await send('/api/auth/signout', { method: 'POST', body: { csrfToken, json: true } });
  window.location.assign('/sign-in?signed-out=1');
}
