/** Log lines of the processes: all of them as JSON in DATA_DIR/logs, the ones a person should see as sentences on the terminal. */
import fs from 'node:fs';
import path from 'node:path';

const fileBytesMax = 10 * 1024 * 1024;
const filesKept = 3;
const warnLevel = 40;
const levelNames: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warning', 50: 'error', 60: 'fatal' };

/** One log file that is put aside at 10 MiB; three old ones are kept. */
export class LogFile {
  readonly #file: string;
  #descriptor: number;
  #bytes: number;

  constructor(folder: string, name: string) {
    fs.mkdirSync(folder, { recursive: true });
    this.#file = path.join(folder, `${name}.log`);
    this.#descriptor = fs.openSync(this.#file, 'a', 0o600);
    this.#bytes = fs.fstatSync(this.#descriptor).size;
  }

  write(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    if (this.#bytes + bytes.length > fileBytesMax) this.#putAside();
    fs.writeSync(this.#descriptor, bytes);
    this.#bytes += bytes.length;
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  #putAside(): void {
    fs.closeSync(this.#descriptor);
    for (let number = filesKept - 1; number >= 1; number--) {
      if (fs.existsSync(`${this.#file}.${number}`)) fs.renameSync(`${this.#file}.${number}`, `${this.#file}.${number + 1}`);
    }
    fs.renameSync(this.#file, `${this.#file}.1`);
    this.#descriptor = fs.openSync(this.#file, 'a', 0o600);
    this.#bytes = 0;
  }
}

export type LogLine = { readonly level: number; readonly message: string; readonly text: string };

/** Reads one line of a process: a pino object becomes "message  name=value", anything else stays as it is and counts as a warning. */
export function readLogLine(line: string): LogLine {
  const parsed = parseObject(line);
  if (!parsed) return { level: warnLevel, message: line, text: line };
  const { level, time: _time, msg, part: _part, error, ...rest } = parsed;
  const message = typeof msg === 'string' ? msg : '';
  const pairs = Object.entries(rest).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  if (typeof error === 'object' && error !== null && 'message' in error && error.message !== message) pairs.push(`(${String(error.message)})`);
  return { level: typeof level === 'number' ? level : warnLevel, message, text: [message, ...pairs].join('  ') };
}

/** True for lines that a person at the terminal should see without asking. */
export function isWarning(line: LogLine): boolean {
  return line.level >= warnLevel;
}

/** "12:03:04  ingest    warning  text" */
export function formatLine(part: string, line: LogLine): string {
  const time = new Date().toTimeString().slice(0, 8);
  return `${time}  ${part.padEnd(9)} ${(levelNames[line.level] ?? 'info').padEnd(8)} ${line.text}`;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
