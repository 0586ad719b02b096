/** The request that the current work belongs to, so that audit records and log lines carry its id without passing it along. */
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<{ readonly requestId: string }>();

/** Runs `work` as part of the request with that id (a UUID). */
export function withinRequest<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work);
}

/** Id of the request being served; undefined outside one. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** Runs `work` as part of no request: what a timer does later belongs to none, although one started it. */
export function outsideRequest<Result>(work: () => Result): Result {
  return storage.exit(work);
}
