/**
 * Failures as the clients of the program interfaces expect them: OpenAI's error object below /v1, a JSON-RPC error at
 * /mcp, with our stable code in both; SCIM's own form below /api/scim (scim-reply.ts).
 */
import type { Problem } from '../errors.ts';
import { failureResponse, problemResponse } from './problem.ts';
import { scimProblem } from './scim-reply.ts';

/** OpenAI's clients take every unusable input for a 400. */
const openAiStatuses: Readonly<Record<string, number>> = { 'invalid-input': 400, 'question-empty': 400, 'question-too-long': 400, 'question-not-text': 400 };
const jsonRpcServerError = -32_000;

/** The `error` object of OpenAI's interface: `code` is ours, `param` the first field that is wrong. */
export function openAiError(problem: Problem, requestId: string): Record<string, unknown> {
  const { param, fields, ...data } = problem.data;
  const first: unknown = Array.isArray(fields) ? fields[0] : undefined;
  const field = typeof first === 'object' && first !== null && 'field' in first ? first.field : null;
  return { message: problem.message, type: typeOf(statusOf(problem)), param: param ?? field, code: problem.code, request_id: requestId, ...data };
}

/** A failure as `{"error": {...}}`. */
export function openAiFailure(problem: Problem, requestId: string): Response {
  return failureResponse(problem, requestId, { type: 'application/json', status: statusOf(problem), body: { error: openAiError(problem, requestId) } });
}

/** A failure before any message was read: a JSON-RPC error without an id. */
export function jsonRpcFailure(problem: Problem, requestId: string): Response {
  const error = { code: jsonRpcServerError, message: problem.message, data: { code: problem.code, requestId, ...problem.data } };
  return failureResponse(problem, requestId, { type: 'application/json', status: problem.status, body: { jsonrpc: '2.0', error, id: null } });
}

/** How failures are told at that path: by SCIM's rules below /api/scim. */
export function failureAt(path: string): (problem: Problem, requestId: string) => Response {
  if (/^\/v1(?:\/|$)/.test(path)) return openAiFailure;
  if (/^\/api\/scim(?:\/|$)/.test(path)) return scimProblem;
  return /^\/mcp(?:\/|$)/.test(path) ? jsonRpcFailure : problemResponse;
}

function statusOf(problem: Problem): number {
  return openAiStatuses[problem.code] ?? problem.status;
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}
