/** An MCP server for one request: the tools that the key may use, bound to the member it acts for. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { MemberActor } from '#lib/actor.ts';
import { answer } from '#lib/answer/answer.ts';
import { checkQuestion } from '#lib/answer/question.ts';
import { Problem } from '#lib/errors.ts';
import { hasScope } from '#lib/http/caller.ts';
import { asProblem } from '#lib/http/problem.ts';
import { logger } from '#lib/log.ts';
import { serveSearch } from '#lib/search/serve.ts';
import { followAnswer } from '../_programs/answer.ts';
import { toPassage, type ProgramPassage } from '../_programs/passage.ts';
import { askTool, searchTool } from './tools.ts';

const log = logger('mcp');

/** Who asks, and what stops it. */
export interface Asking {
  actor: MemberActor;
  requestId: string;
  signal: AbortSignal;
  stillSignedIn: () => Promise<boolean>;
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

export function buildServer(asking: Asking): McpServer {
  const server = new McpServer(
    { name: 'attest', title: 'Attest', version: '0.1.0' },
    { instructions: 'Answers from the company\'s own documents, with citations, under the rights of the person whose key is used. Every call is recorded.' },
  );
  if (hasScope(asking.actor, ['search'])) {
    server.registerTool('search', searchTool, ({ query, limit }, extra) => told(asking, () => searchFor(asking, { query, limit }, extra)));
  }
  if (hasScope(asking.actor, ['ask'])) {
    server.registerTool('ask', askTool, ({ question }, extra) => told(asking, () => ask(asking, question, extra)));
  }
  return server;
}

async function searchFor({ actor, signal }: Asking, { query, limit }: { query: string; limit: number }, extra: Extra): Promise<CallToolResult> {
  const { passages } = await serveSearch(actor, { query: checkQuestion(query), limit }, AbortSignal.any([signal, extra.signal]));
  const served = passages.map(toPassage);
  const text = served.length === 0 ? 'No passage of the documents you may read fits.' : served.map((passage, index) => `[${index + 1}] ${sourceInWords(passage)}\n${passage.text}`).join('\n\n');
  return { content: [{ type: 'text', text }], structuredContent: { passages: served } };
}

async function ask({ actor, requestId, signal, stillSignedIn }: Asking, question: string, extra: Extra): Promise<CallToolResult> {
  const events = await answer(actor, { question }, { signal: AbortSignal.any([signal, extra.signal]), requestId, stillSignedIn });
  let pieces = 0;
  for await (const step of followAnswer(events)) {
    // Clients that wait a minute for an answer wait on while they hear of it.
    if (step.kind === 'text') await tellProgress(extra, (pieces += 1));
    if (step.kind !== 'end') continue;
    const sources = step.answer.citations.map((citation) => `[${citation.number}] ${sourceInWords(citation)}`);
    const text = [step.text, ...(sources.length === 0 ? [] : [['Sources', ...sources].join('\n')])].join('\n\n');
    return { content: [{ type: 'text', text }], structuredContent: { text: step.text, ...step.answer } };
  }
  throw new Problem('answer-interrupted');
}

async function tellProgress({ _meta, sendNotification }: Extra, progress: number): Promise<void> {
  const progressToken = _meta?.progressToken;
  if (progressToken === undefined) return;
  // Who has left needs no word of it; the answer ends by the signal.
  await sendNotification({ method: 'notifications/progress', params: { progressToken, progress } }).catch(() => undefined);
}

/** "Leave policy, page 3 (Company handbook) https://..." */
function sourceInWords({ title, page, page_label: label, collection, link }: ProgramPassage): string {
  const place = label ?? (page === null ? null : `page ${page}`);
  return `${title}${place === null ? '' : `, ${place}`} (${collection}) ${link}`;
}

/** A failure of a tool is a result that says so, with our code; what is not ours to tell stands in the log. */
async function told({ requestId }: Asking, work: () => Promise<CallToolResult>): Promise<CallToolResult> {
  try {
    return await work();
  } catch (error) {
    const problem = asProblem(error);
    if (problem.status >= 500) log.error({ requestId, code: problem.code, error: problem.cause ?? problem }, 'a tool failed');
    return { isError: true, content: [{ type: 'text', text: `${problem.message} (${problem.code})` }] };
  }
}
