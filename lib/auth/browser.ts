/** What a browser brings to the end of a sign-in, and where it is sent when it is not let in. */
import { redirectTo } from '../http/reply.ts';
import { adminTokenIn } from './admin-link.ts';
import { readAgain } from './again.ts';
import type { Circumstances } from './admit.ts';
import { adminLinkCookieName, againCookieName, readCookies } from './cookies.ts';
import { describeDevice } from './device.ts';
import { sessionToken } from './session.ts';
import type { SignInRefusal } from './types.ts';

/** The session that ends here, the words for the device, the link for a first admin if one was followed, and whether somebody signs in again. */
export function circumstancesOf(request: Request): Circumstances {
  const cookies = readCookies(request.headers.get('cookie'));
  const adminToken = adminTokenIn(cookies.get(adminLinkCookieName()));
  return { previousToken: sessionToken(request), device: describeDevice(request.headers.get('user-agent')), adminToken, again: readAgain(cookies.get(againCookieName())) };
}

/** Back to the sign-in page, with the reason. */
export function toSignIn(refusal: SignInRefusal): Response {
  return redirectTo(`/sign-in?error=${refusal}`, []);
}
