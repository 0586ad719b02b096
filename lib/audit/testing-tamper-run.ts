/** Tampers with logs and counts what the verifier does not find, finds in the wrong place, or finds where nothing is. */
import { linesOf } from './line-reader.ts';
import { endAnew, exportOf, randomFrom, testLog, type TestLog } from './testing-log.ts';
import { kinds, type Tampered } from './testing-tamper.ts';
import { ExportFault } from './verify-record.ts';
import { verifyExport } from './verify.ts';

export interface TamperSizes {
  /** Places at which each kind is done. */
  positions: number;
  /** Single bytes of an export of 200 records that are changed. */
  flips: number;
  /** Clean logs. */
  logs: number;
}

export interface TamperResult {
  passed: number;
  failures: string[];
  /** Cases in which a single record was to be named. */
  named: number;
}

/** Two complete tiles of the tree and the beginning of a third. */
const recordsInLog = 600;
const recordsInFlipped = 200;

/** Does all of it with numbers that follow from the seed. */
export async function runTampering(seed: number, sizes: TamperSizes): Promise<TamperResult> {
  const result: TamperResult = { passed: 0, failures: [], named: 0 };
  const random = randomFrom(seed);
  const log = await testLog(recordsInLog, random);
  for (const name of Object.keys(kinds)) await tamperWith(name, log, { random, result, positions: sizes.positions });
  await flipBytes(await testLog(recordsInFlipped, random), { random, result, flips: sizes.flips });
  for (let index = 0; index < sizes.logs; index += 1) await readClean(await testLog(1 + Math.floor(random() * 300), random), random, result);
  return result;
}

async function faultIn(text: string, log: TestLog): Promise<ExportFault | null> {
  try {
    await verifyExport(linesOf(oneChunk(Buffer.from(text, 'latin1'))), [log.verifier]);
    return null;
  } catch (error) {
    if (error instanceof ExportFault) return error;
    throw error;
  }
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

const latin1 = (lines: readonly string[]): string => Buffer.from(lines.join('')).toString('latin1');

async function tamperWith(name: string, log: TestLog, { random, result, positions }: { random: () => number; result: TamperResult; positions: number }): Promise<void> {
  for (let index = 0; index < positions; index += 1) {
    // The first, the last, and evenly in between.
    const at = positions === 1 ? 300 : Math.round((index * (recordsInLog - 1)) / (positions - 1));
    const tampered = await kinds[name]?.({ log, at, random });
    if (tampered === undefined) throw new Error(`There is no kind "${name}".`);
    const complaint = complain(tampered, await faultIn(latin1(tampered.lines), log));
    if (tampered.isExact) result.named += 1;
    if (complaint === null) result.passed += 1;
    else result.failures.push(`${name}, at ${at}: ${complaint}`);
  }
}

/** What is wrong with how it was found; null: nothing. */
function complain({ seq, isExact }: Tampered, fault: ExportFault | null): string | null {
  if (fault === null) return 'not found';
  if (seq === null) return null;
  const { first, last, since } = fault;
  if (first === null || last === null) return `no record named: ${fault.message}`;
  if (isExact && (first !== seq || last !== seq)) return `named ${first} to ${last} and not ${seq}: ${fault.message}`;
  return (since ?? first) <= seq && seq <= last ? null : `named ${first} to ${last}, which ${seq} is not among: ${fault.message}`;
}

async function flipBytes(log: TestLog, { random, result, flips }: { random: () => number; result: TamperResult; flips: number }): Promise<void> {
  const whole = Buffer.from((await exportOf(log)).join(''));
  for (let index = 0; index < flips; index += 1) {
    const at = Math.floor(random() * whole.length);
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ (1 + Math.floor(random() * 255));
    // Every second time the last line is written anew, so that it does not find what the rest should.
    const lines = changed.toString('latin1').split(/(?<=\n)/);
    const text = index % 2 === 0 || at >= whole.length - (lines.at(-1)?.length ?? 0) ? changed.toString('latin1') : endAnewOf(lines);
    if ((await faultIn(text, log)) === null) result.failures.push(`byte ${at} of ${whole.length} changed from ${whole[at]} to ${changed[at]}: not found`);
    else result.passed += 1;
  }
}

function endAnewOf(lines: string[]): string {
  const bytes = lines.map((line) => Buffer.from(line, 'latin1').toString('utf8'));
  // Bytes that are no UTF-8 do not survive this; such a line is damaged either way.
  return latin1(endAnew(bytes));
}

async function readClean(log: TestLog, random: () => number, result: TamperResult): Promise<void> {
  const size = log.records.length;
  const from = Math.floor(random() * size);
  const to = from + 1 + Math.floor(random() * (size - from));
  for (const range of [{}, { from, to }]) {
    const fault = await faultIn(latin1(await exportOf(log, range)), log);
    if (fault === null) result.passed += 1;
    else result.failures.push(`a clean log of ${size}, ${JSON.stringify(range)}: ${fault.message}`);
  }
}
