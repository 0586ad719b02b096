/** The cookies of sign-in: their names and flags, and reading one from a request. It knows no session. */
import { env } from '../env.ts';

/** True when people reach us by https; decides the `Secure` flag and the name prefix. */
function isSecure(): boolean {
  return env().ATTEST_URL.startsWith('https://');
}

/** `__Host-` binds a cookie to exactly this host, so that a neighbouring subdomain cannot plant one. It needs https. */
function name(bare: string): string {
  return `${isSecure() ? '__Host-' : ''}${bare}`;
}

/** Name of the cookie that holds the session token. */
export function sessionCookieName(): string {
  return name('attest-session');
}

/** Names of the cookies that next-auth keeps between our page and the provider, for at most 15 minutes. */
export function signInCookieNames(): { state: string; nonce: string; pkceCodeVerifier: string; callbackUrl: string; csrfToken: string } {
  return {
    state: name('attest-sign-in.state'),
    nonce: name('attest-sign-in.nonce'),
    pkceCodeVerifier: name('attest-sign-in.verifier'),
    callbackUrl: name('attest-sign-in.return'),
    csrfToken: name('attest-sign-in.form'),
  };
}

/** Name of the cookie that ties a SAML sign-in to the browser that began it. */
export function samlCookieName(): string {
  return name('attest-sign-in.saml');
}

/** Name of the cookie that carries the secret of a link for a first admin through the sign-in. */
export function adminLinkCookieName(): string {
  return name('attest-sign-in.admin');
}

/** Name of the cookie that says who is signing in again, and what for (again.ts). */
export function againCookieName(): string {
  return name('attest-sign-in.again');
}

/** A Set-Cookie line for one of our cookies. Without `seconds` the cookie is removed. */
export function cookieLine(cookieName: string, value: string, seconds?: number): string {
  const { path, secure } = cookieOptions();
  return `${cookieName}=${seconds === undefined ? '' : value}; Path=${path}; Max-Age=${seconds ?? 0}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Not readable by scripts; sent when a person follows a link to us, never with another site's form or fetch. */
export function cookieOptions(): { httpOnly: true; sameSite: 'lax'; path: '/'; secure: boolean } {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure() };
}

/** All cookies of a Cookie header. The first of two with one name counts, as the browser sends the most specific first. */
export function readCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at < 1) continue;
    const key = pair.slice(0, at).trim();
    if (!cookies.has(key)) cookies.set(key, decode(pair.slice(at + 1).trim()));
  }
  return cookies;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
