/** Reporter for `node --test`: one JSON line per finished test, read by node-tests.ts. */
import path from 'node:path';
import type { TestEvent } from 'node:test/reporters';

export type TestReport = {
  readonly name: string;
  readonly file: string;
  /** 'noted': a test said something beside its outcome, its seed for instance. 'file': what a whole file took, its set-up included. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'noted' | 'file';
  /** Why it was skipped, the whole error, or what was noted. */
  readonly detail: string;
  readonly ms: number;
};

type Finished = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'];

export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // What the runner itself says at the end belongs to no file.
    if (event.type === 'test:diagnostic' && event.data.file !== undefined) yield lineOf(noted(event.data.file, event.data.message));
    if (event.type === 'test:summary' && event.data.file !== undefined) yield lineOf(took(event.data.file, event.data.duration_ms));
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const line = describe(event.data, event.type === 'test:fail');
    if (line) yield lineOf(line);
  }
}

/** One report on one line. What reads it takes U+2028 and U+2029 for the end of a line as well. */
function lineOf(report: TestReport): string {
  const escaped = JSON.stringify(report).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
  return `${escaped}\n`;
}

function noted(file: string, message: string): TestReport {
  return { name: '', file, outcome: 'noted', detail: message, ms: 0 };
}

function took(file: string, ms: number): TestReport {
  return { name: 'the whole file', file, outcome: 'file', detail: '', ms };
}

function describe(data: Finished, failed: boolean): TestReport | undefined {
  // A suite only repeats what its tests said, unless it failed by itself, for instance in a hook.
  if (data.details.type === 'suite' && !failed) return undefined;
  // A file in which no test ran is told as a test of that name. It proves nothing, unless it failed.
  if (data.file !== undefined && path.resolve(data.name) === data.file && !failed) return undefined;
  const error = 'error' in data.details ? data.details.error : undefined;
  if (failed && error && 'failureType' in error && error.failureType === 'subtestsFailed') return undefined;
  const skipped = data.skip !== undefined && data.skip !== false;
  const outcome = failed ? 'failed' : skipped || data.todo ? 'skipped' : 'passed';
  const reason = typeof data.skip === 'string' ? data.skip : typeof data.todo === 'string' ? data.todo : 'no reason given';
  return { name: data.name, file: data.file ?? '', outcome, detail: failed ? readError(error) : skipped ? reason : '', ms: data.details.duration_ms };
}

function readError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  return cause.stack ?? cause.message;
}
