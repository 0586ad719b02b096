/** Asks a question and gives the events of its answer as they arrive (POST /api/ask, server-sent events). */
import type { AnswerEvent } from '#lib/answer/events.ts';
import { offline, readProblem, send } from '../client/fetch.ts';
import { ProblemError } from '../client/problem.ts';
import { answerEvent } from '../client/schemas/answer.ts';
import { readEventData } from './event-stream.ts';

export interface AskBody {
  question: string;
  conversationId?: string;
  /** Ids of the collections to search; absent: all. */
  scope?: string[];
  /** Id of the turn to answer again. */
  regenerate?: string;
}

/** Throws ProblemError when the question is refused, the connection breaks, or the stream ends without its last event. */
export async function* askQuestion(body: AskBody, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  const response = await send('/api/ask', { method: 'POST', body, signal, accept: 'text/event-stream' });
  if (!response.ok || response.body === null) throw await readProblem(response);
  let finished = false;
  for await (const event of readAnswer(response.body, signal)) {
    finished = event.type === 'done' || event.type === 'error';
    yield event;
  }
  if (!finished) throw interrupted();
}

/** Events of a body; what a newer server might add is passed over. */
async function* readAnswer(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<AnswerEvent> {
  try {
    for await (const data of readEventData(body)) {
      const event = answerEvent.safeParse(parseJson(data));
      if (event.success) yield event.data;
    }
  } catch (error) {
    throw signal.aborted ? error : navigator.onLine ? interrupted(error) : offline(error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function interrupted(cause?: unknown): ProblemError {
  return new ProblemError({
    code: 'answer-interrupted',
    status: 0,
    detail: 'The connection broke before the answer was finished. Your question is kept; reload to see whether the answer was saved, or ask again.',
    requestId: null,
    cause,
  });
}
