/** For what goes on after a request was let in, such as an answer that streams: would the request still be let in now? */
import type { MemberActor } from '../actor.ts';
import { bearerToken, findKeyActor } from './api-key.ts';
import { findActor, sessionToken } from './session.ts';

/**
 * Asks anew each time: the session or API key that the request shows still counts and is still that member's. Asking
 * does not count as using a session. Throws Problem 'database-unavailable'.
 */
export function standingOf(request: Request, actor: MemberActor): () => Promise<boolean> {
  const keyShown = actor.key === undefined ? null : (bearerToken(request) ?? '');
  const token = sessionToken(request);
  return async () => {
    const now = keyShown === null ? await findActor(token, { unattended: true }) : (await findKeyActor(keyShown)).actor;
    return now?.id === actor.id;
  };
}
