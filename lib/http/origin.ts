/**
 * Where a request for the program interfaces came from. A program sends no Origin; a page of another site that somebody
 * has open does, and so does one that made its own name point at this machine (DNS rebinding), whose Host then is not ours.
 */
import { env } from '../env.ts';

/** For operators too: whoever set no ATTEST_URL reaches Attest by an address that it does not know as its own. */
export const foreignDetail = 'This request came from a page of another site, or for another address than the one Attest is set up for (ATTEST_URL), and was not carried out.';
const foreignSites = new Set(['cross-site', 'same-site']);

/**
 * True for a request that a page of another site sent, or that came for another host than ours. Behind a reverse proxy
 * the Host may be the proxy's word for us, so it is held only where we are reached on this machine itself: that is
 * where rebinding works, because nothing there asks for a certificate.
 */
export function isForeign(request: Request): boolean {
  const own = new URL(env().ATTEST_URL);
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== own.origin) return true;
  if (foreignSites.has(request.headers.get('sec-fetch-site') ?? '')) return true;
  return isThisMachine(own.hostname) && !isThisMachine(hostNameOf(request));
}

function isThisMachine(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

function hostNameOf(request: Request): string {
  const host = request.headers.get('host') ?? '';
  const address = `http://${host}`;
  return URL.canParse(address) ? new URL(address).hostname : '';
}
