/**
 * Gives every page its security headers and the nonce for its scripts; Next finds the nonce in the request's policy.
 * It checks nobody's rights: pages and routes do, and hold without it.
 */
import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server.js';
import { contentSecurityPolicy, pageHeaders } from '#lib/http/page-headers.ts';

export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(16).toString('base64');
  const policy = contentSecurityPolicy(nonce, request.nextUrl.pathname);
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  headers.set('x-nonce', nonce);
  headers.set('x-attest-path', pathOf(request));
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  for (const [name, value] of Object.entries(pageHeaders())) response.headers.set(name, value);
  return response;
}

/** The page's address without what Next adds for its own data requests. */
function pathOf({ nextUrl }: NextRequest): string {
  const search = new URLSearchParams(nextUrl.search);
  search.delete('_rsc');
  return search.size === 0 ? nextUrl.pathname : `${nextUrl.pathname}?${search}`;
}

// Routes must never pass here (the bodies of uploads would be copied), nor files that are the same for everybody.
export const config = { matcher: ['/((?!api/|v1/|mcp$|_next/static|_next/image|.*\\.(?:ico|png|svg|webmanifest|woff2?|mjs|js|css|wasm|txt)$).*)'] };
