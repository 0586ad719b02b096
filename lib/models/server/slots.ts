/**
 * A fixed number of places (sequences, contexts) and a bounded queue in front of them. Nothing is created or
 * disposed on the request path: places live as long as their model does. Knows nothing about llama.cpp.
 */
import { Problem } from '#lib/errors.ts';

type Waiter<Place> = { start: (place: Place) => void; fail: (error: unknown) => void };

export type UseOptions<Place> = Readonly<{
  /** Leaves the queue when aborted. Work that has begun must watch the signal itself. */
  signal?: AbortSignal;
  /** Goes ahead of everybody who waits: one search query before a thousand passages. */
  first?: boolean;
  /** Picks among free places; the highest number wins. */
  prefer?: (place: Place) => number;
}>;

export class Slots<Place> {
  readonly #free: Place[];
  readonly #waiting: Waiter<Place>[] = [];
  readonly #waitingMax: number;
  #active = 0;
  #closed = false;
  #whenIdle: (() => void) | undefined;

  constructor(places: readonly Place[], waitingMax: number) {
    this.#free = [...places];
    this.#waitingMax = waitingMax;
  }

  get load(): { active: number; waiting: number; waitingMax: number } {
    return { active: this.#active, waiting: this.#waiting.length, waitingMax: this.#waitingMax };
  }

  /** Throws `model-busy` when `count` more could not all wait, before any of them starts. */
  reserve(count: number): void {
    if (this.#waiting.length + count > this.#waitingMax + this.#free.length) throw new Problem('model-busy', { data: { retryAfterSeconds: 5 } });
  }

  /** Runs `work` with a place of its own. Throws `model-busy` at once when the queue is full. */
  async use<Result>(work: (place: Place) => Promise<Result>, options: UseOptions<Place> = {}): Promise<Result> {
    if (this.#closed) throw new Problem('model-unavailable', { detail: 'This model was just replaced by another. Try again.' });
    options.signal?.throwIfAborted();
    const place = this.#takeFree(options.prefer) ?? (await this.#wait(options));
    this.#active += 1;
    try {
      options.signal?.throwIfAborted();
      return await work(place);
    } finally {
      this.#active -= 1;
      this.#giveBack(place);
    }
  }

  /** Takes no new work and resolves when the last of the accepted work is done. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#active === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => (this.#whenIdle = resolve));
  }

  #takeFree(prefer: UseOptions<Place>['prefer']): Place | undefined {
    if (prefer === undefined || this.#free.length < 2) return this.#free.pop();
    const scores = this.#free.map(prefer);
    return this.#free.splice(scores.indexOf(Math.max(...scores)), 1)[0];
  }

  async #wait(options: UseOptions<Place>): Promise<Place> {
    this.reserve(1);
    let waiter: Waiter<Place> | undefined;
    const leave = () => {
      const index = waiter === undefined ? -1 : this.#waiting.indexOf(waiter);
      if (index >= 0) this.#waiting.splice(index, 1);
      waiter?.fail(options.signal?.reason);
    };
    try {
      return await new Promise<Place>((start, fail) => {
        waiter = { start, fail };
        if (options.first) this.#waiting.unshift(waiter);
        else this.#waiting.push(waiter);
        options.signal?.addEventListener('abort', leave, { once: true });
      });
    } finally {
      options.signal?.removeEventListener('abort', leave);
    }
  }

  #giveBack(place: Place): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next.start(place);
    else this.#free.push(place);
    if (this.#closed && this.#active === 0 && next === undefined) this.#whenIdle?.();
  }
}
