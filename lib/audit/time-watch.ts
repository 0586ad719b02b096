/**
 * Reads the times that records claim, in their order. The database never gives a time before the last one: while its
 * clock stands behind, times go on by single microseconds. That is no fault of the log, and a reader should know it.
 */

/** Fewer in a row happen by chance. */
const runMin = 3;
const noticesMax = 20;
const microsecond = 1n;

export class TimeWatch {
  #before: { seq: number; at: bigint } | null = null;
  #runStart: number | null = null;
  readonly #notices: string[] = [];

  take(seq: number, claimed: string): void {
    const at = microseconds(claimed);
    if (at === null) return this.#note(`Record ${seq} claims a time that is none.`);
    const before = this.#before;
    this.#before = { seq, at };
    if (before === null) return;
    if (at < before.at) this.#note(`Record ${seq} claims an earlier time than the record before it.`);
    if (at - before.at === microsecond) this.#runStart ??= before.seq;
    else this.#endRun(before.seq);
  }

  notices(): string[] {
    if (this.#before !== null) this.#endRun(this.#before.seq);
    return this.#notices;
  }

  #endRun(last: number): void {
    if (this.#runStart !== null && last - this.#runStart >= runMin) this.#note(`The clock of the database was set back: the times of records ${this.#runStart} to ${last} say their order only.`);
    this.#runStart = null;
  }

  #note(sentence: string): void {
    if (this.#notices.length < noticesMax) this.#notices.push(sentence);
    else if (this.#notices.length === noticesMax) this.#notices.push('More times are odd; only the first are named.');
  }
}

/** Microseconds since 1970 of an ISO 8601 time in UTC. */
function microseconds(text: string): bigint | null {
  const [, seconds, fraction] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z$/.exec(text) ?? [];
  const ms = Date.parse(`${seconds}Z`);
  return fraction === undefined || Number.isNaN(ms) ? null : BigInt(ms) * 1000n + BigInt(fraction);
}
