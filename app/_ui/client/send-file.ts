/** Sends one file as the body of a request and tells how far it is, which `fetch` cannot. Failures are those of fetch.ts. */
import type { z } from 'zod';
import { offline, problemFrom } from './fetch.ts';
import { ProblemError } from './problem.ts';

interface SendFileOptions<Answer> {
  file: File;
  schema: z.ZodType<Answer>;
  /** Called with the bytes sent so far. */
  onProgress: (bytes: number) => void;
  signal: AbortSignal;
}

/** Throws ProblemError; an AbortError when `signal` fires. */
export function sendFile<Answer>(path: string, { file, schema, onProgress, signal }: SendFileOptions<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const exchange = new XMLHttpRequest();
    exchange.open('POST', path);
    exchange.setRequestHeader('accept', 'application/json');
    exchange.setRequestHeader('content-type', 'application/octet-stream');
    exchange.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
    exchange.addEventListener('load', () => {
      const answer = readAnswer(exchange, schema);
      if (answer instanceof ProblemError) reject(answer);
      else resolve(answer.value);
    });
    exchange.addEventListener('error', () => reject(offline(new Error('the upload broke off'))));
    exchange.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
    signal.addEventListener('abort', () => exchange.abort(), { once: true });
    exchange.send(file);
  });
}

function readAnswer<Answer>(exchange: XMLHttpRequest, schema: z.ZodType<Answer>): { value: Answer } | ProblemError {
  const body = parseJson(exchange.responseText);
  const requestId = exchange.getResponseHeader('x-request-id');
  if (exchange.status < 200 || exchange.status > 299) return problemFrom({ status: exchange.status, body, requestId });
  const parsed = schema.safeParse(body);
  if (parsed.success) return { value: parsed.data };
  const detail = 'The server answered in a way this page does not understand. Reload the page; it may be older than the server.';
  return new ProblemError({ code: 'unreadable-answer', status: exchange.status, detail, requestId, cause: parsed.error });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
