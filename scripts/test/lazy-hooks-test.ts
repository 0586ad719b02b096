/** `node:test` with `before` put off until the first test runs, and `after` left out where `before` never began. See lazy-hooks.ts. */
import { after as afterAll, beforeEach } from 'node:test';

export { afterEach, beforeEach, describe, it, mock, snapshot, suite, test, test as default } from 'node:test';

type Work = () => unknown;
let waiting = false;

/** Like Node's, but the set-up of a file without wanted tests never begins. */
export function before(work: Work): void {
  waiting = true;
  let done: Promise<unknown> | undefined;
  beforeEach(() => {
    waiting = false;
    // An async function, so that a set-up that throws at once fails every test, not only the first.
    done ??= (async () => work())();
    return done;
  });
}

/** Like Node's, where there is something to clear away. */
export function after(work: Work): void {
  afterAll(() => (waiting ? undefined : work()));
}
