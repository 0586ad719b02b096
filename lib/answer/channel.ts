/**
 * Events between the one who answers and the one who reads along. The answer goes on, and is saved, whether or not
 * anybody still reads; `cancelled` tells it that the reader left.
 */

export interface Channel<Event> {
  send: (event: Event) => void;
  /** No more events follow. */
  close: () => void;
  /** Takes back what was not read yet and ends with `last`: no event follows it. */
  cut: (last: Event) => void;
  /** Aborts when the reader stops reading before the end. */
  readonly cancelled: AbortSignal;
  events: () => AsyncGenerator<Event, void, undefined>;
}

export function openChannel<Event>(): Channel<Event> {
  const waiting: Event[] = [];
  const reader = new AbortController();
  let closed = false;
  let wake: () => void = () => {};

  async function* events(): AsyncGenerator<Event, void, undefined> {
    try {
      for (;;) {
        const next = waiting.shift();
        if (next !== undefined) yield next;
        else if (closed) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      reader.abort();
    }
  }

  return {
    send(event) {
      if (!reader.signal.aborted && !closed) waiting.push(event);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    cut(last) {
      waiting.splice(0, waiting.length, last);
      closed = true;
      wake();
    },
    cancelled: reader.signal,
    events,
  };
}
