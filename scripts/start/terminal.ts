/**
 * What a person at the terminal sees: one line per step, a progress line that redraws itself where the terminal can,
 * warnings of the processes as sentences, and a calm panel at the end.
 */

const clearLine = '\r\u001b[2K';
const bold = (text: string): string => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text: string): string => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text);
const barWidth = 24;

export class Terminal {
  #progress = '';
  readonly #started = performance.now();

  /** A line that stays. */
  say(text: string): void {
    this.#write(text);
  }

  /** A finished step with the seconds since the start. */
  step(text: string): void {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    this.#write(`  ${text.padEnd(34)} ${dim(`${seconds.padStart(6)} s`)}`);
  }

  /** The line that is redrawn; without a terminal nothing, so that a log file stays readable. An empty text removes it. */
  progress(text: string): void {
    this.#progress = text;
    if (process.stdout.isTTY) process.stdout.write(`${clearLine}${text}`);
  }

  /** Failure of the whole start: one sentence, on stderr. */
  fail(error: unknown): void {
    this.progress('');
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }

  #write(text: string): void {
    if (process.stdout.isTTY && this.#progress !== '') process.stdout.write(clearLine);
    process.stdout.write(`${text}\n`);
    if (process.stdout.isTTY && this.#progress !== '') process.stdout.write(this.#progress);
  }
}

/** "  Reading documents  ████████░░░░  12 of 38" */
export function bar(label: string, done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.floor((done / total) * barWidth);
  return `  ${label}  ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}  ${done} of ${total}`;
}

export type Panel = {
  readonly address: string;
  readonly people: readonly { readonly role: string; readonly name: string; readonly email: string }[];
  readonly rows: readonly (readonly [name: string, value: string])[];
};

/** The last thing printed: where to go, who to be, where things live, how to stop. */
export function formatPanel(panel: Panel): string {
  const lines = ['', `  ${bold('Attest is ready')}   ${bold(panel.address)}`, ''];
  if (panel.people.length > 0) {
    lines.push(`  ${dim('Demo sign-ins, on this machine only: choose one, there is no password')}`);
    for (const person of panel.people) lines.push(`    ${person.role.padEnd(12)} ${person.name.padEnd(20)} ${dim(person.email)}`);
    lines.push('');
  }
  for (const [name, value] of panel.rows) lines.push(`  ${dim(name.padEnd(10))} ${value}`);
  return `${lines.join('\n')}\n`;
}
