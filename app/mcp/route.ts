/**
 * The Model Context Protocol over streamable HTTP, without sessions: each request brings its key, is answered by a
 * server made for it and leaves nothing behind, so that any web process may take the next one.
 */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { z } from 'zod';
import { jsonRpcFailure } from '#lib/http/failure-forms.ts';
import { requireScope } from '#lib/http/caller.ts';
import { route } from '#lib/http/route.ts';
import { takeFromRateLimit } from '#lib/http/rate-limit.ts';
import { standingOf } from '#lib/auth/standing.ts';
import { buildServer } from './server.ts';
import { isTool } from './tools.ts';

// A list of messages would be many questions in one request; the protocol has none since its version of June 2025.
const message = z.looseObject({ jsonrpc: z.literal('2.0') }, 'must be one JSON-RPC message');
const toolCall = z.looseObject({ method: z.literal('tools/call'), params: z.looseObject({ name: z.string() }) });

export const POST = route({ permission: 'answer:ask', scopes: ['ask', 'search'], body: message, failure: jsonRpcFailure }, async ({ actor, body, request, requestId, signal }) => {
  const tool = toolCall.safeParse(body).data?.params.name;
  if (tool !== undefined && isTool(tool)) {
    // A tool needs the scope of its own name, asks as often as a person may, and is refused before anything is begun.
    await requireScope(request, actor, [tool]);
    const limited = tool === 'ask' ? await takeFromRateLimit(actor.id, 'ask') : null;
    if (limited !== null) throw limited;
  }
  const server = buildServer({ actor, requestId, signal, stillSignedIn: standingOf(request, actor) });
  const transport = new WebStandardStreamableHTTPServerTransport({});
  await server.connect(transport);
  signal.addEventListener('abort', () => void server.close(), { once: true });
  return transport.handleRequest(request, { parsedBody: body });
});
