/** The responses that handlers return. Answers are never cached: rights may change before the next request. */

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** 200 with a JSON body, or another status. */
export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...headers, 'content-type': 'application/json' } });
}

/** 202: it was not done but waits for a second admin. */
export function proposed(body: { proposal: { id: string; endsAt: string } }): Response {
  return json(body, 202);
}

/** 204. */
export function noContent(): Response {
  return new Response(null, { status: 204, headers });
}

/** 303: the browser goes there with GET. `cookies` are complete Set-Cookie lines. */
export function redirectTo(location: string, cookies: readonly string[] = []): Response {
  const response = new Response(null, { status: 303, headers: { ...headers, location } });
  for (const line of cookies) response.headers.append('set-cookie', line);
  return response;
}

/** 200 with an XML document that a browser may show and must not take for a page. */
export function xml(document: string): Response {
  return new Response(document, { headers: { ...headers, 'content-type': 'application/xml; charset=utf-8', 'content-security-policy': "default-src 'none'; sandbox" } });
}

/** 200 with the bytes of a file that never changes under its address and is the same for everybody who is signed in. */
export function staticFile(bytes: Uint8Array<ArrayBuffer>): Response {
  return new Response(bytes, { headers: { ...headers, 'cache-control': 'private, max-age=604800', 'content-type': 'application/octet-stream' } });
}
