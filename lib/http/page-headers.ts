/** Response headers of every page: what the browser may load, run and send. API answers and files bring their own. */
import { env } from '../env.ts';

/**
 * The Content-Security-Policy of a page. Scripts run only with the nonce of this very response. Inline styles are
 * allowed because the component libraries measure and place with them; they can load nothing, see img-src and font-src.
 */
export function contentSecurityPolicy(nonce: string, path = '/'): string {
  const { NODE_ENV: mode, ATTEST_URL: address } = env();
  const directives = [
    `default-src 'self'`,
    // React's development build explains errors with eval; the production build never uses it.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${mode === 'development' ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self' blob:`,
    `object-src 'none'`,
    `frame-ancestors 'none'`,
    `base-uri 'none'`,
    `form-action 'self'${path === '/sign-in' ? providerTargets() : ''}`,
    ...(address.startsWith('https:') ? ['upgrade-insecure-requests'] : []),
  ];
  return directives.join('; ');
}

/** Headers that are the same for every page. */
export function pageHeaders(): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    // Our own pages still name themselves to us, which some browsers need to say where a form comes from.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(env().ATTEST_URL.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

/**
 * Browsers hold form-action against redirects too, and without scripts the form that starts a sign-in is redirected to
 * a provider. Admins may add providers at any time, so the sign-in page, which shows nothing that anybody wrote, lets
 * its forms lead to any https address, and to those on this machine that the environment names.
 */
function providerTargets(): string {
  const here = [env().OIDC_ISSUER, env().DEMO_ISSUER].filter((issuer) => issuer?.startsWith('http:')).map((issuer) => ` ${new URL(issuer ?? '').origin}`);
  return [' https:', ...here].join('');
}
