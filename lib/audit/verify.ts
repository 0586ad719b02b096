/**
 * Verifies an export of the log with public keys alone, line by line, in memory that does not grow with the log. It
 * stops at the first thing that is wrong and names the record. No database, no network, nothing of the running product.
 */
import { createHash } from 'node:crypto';
import { CheckpointError, openCheckpoint, type Checkpoint, type VerifyingKey } from './checkpoint.ts';
import { readLine, type ExportHeader, type ExportLine, type ExportRecord } from './export-format.ts';
import { rootOf, subtrees, type Frontier } from './merkle.ts';
import { TimeWatch } from './time-watch.ts';
import { appendSubtree, type EachNode } from './tree.ts';
import { checkRecord, ExportFault } from './verify-record.ts';

export interface Verified {
  from: number;
  to: number;
  checkpoint: Checkpoint;
  /** The note of that checkpoint. */
  note: string;
  checkpoints: number;
  /** Records whose texts were held to their hash. */
  texts: number;
  /** Things that are no fault and that a reader should know. */
  notices: string[];
}

export interface VerifyOptions {
  /** Roots by size from checkpoints that were kept elsewhere: the records must lead to each within their range, and reach the largest. */
  known?: ReadonlyMap<number, Buffer>;
  eachHeader?: (header: ExportHeader) => void;
  /** Told of every complete subtree, for proofs. */
  eachNode?: EachNode;
}

/** Verifies all lines. Throws ExportFault at the first that is wrong. */
export async function verifyExport(lines: AsyncIterable<Buffer>, keys: readonly VerifyingKey[], options: VerifyOptions = {}): Promise<Verified> {
  const run = new Run(keys, options);
  const digest = createHash('sha256');
  let number = 0;
  let isEnded = false;
  for await (const bytes of lines) {
    number += 1;
    const line = bytes.at(-1) === 0x0a ? readLine(bytes) : null;
    if (line === null) throw new ExportFault(bytes.at(-1) === 0x0a ? `Line ${number} is damaged${run.place()}` : `The export is cut off in line ${number}${run.place()}`, ...run.next());
    if (isEnded) throw new ExportFault(`Line ${number} stands after the end of the export.`);
    if (line.type === 'end') {
      run.end();
      isEnded = true;
      if (line.lines !== number - 1 || !line.sha256.equals(digest.digest())) throw new ExportFault('The last line does not belong to the lines before it.');
    } else {
      run.take(line);
      digest.update(bytes);
    }
  }
  if (!isEnded) throw new ExportFault(`The export is cut off after line ${number}${run.place()}`, ...run.next());
  return run.result();
}

/** One verification under way. */
class Run {
  readonly #keys: readonly VerifyingKey[];
  readonly #options: VerifyOptions;
  readonly #times = new TimeWatch();
  #header: ExportHeader | null = null;
  #frontier: Frontier | null = null;
  #isRestGiven = false;
  #last: { checkpoint: Checkpoint; note: string } | null = null;
  /** Everything before this is tied to a checkpoint. */
  #good = 0;
  #checkpoints = 0;
  #texts = 0;

  constructor(keys: readonly VerifyingKey[], options: VerifyOptions) {
    this.#keys = keys;
    this.#options = options;
  }

  take(line: Exclude<ExportLine, { type: 'end' }>): void {
    if (line.type === 'attest-audit-export') return this.#takeHeader(line);
    if (this.#header === null) throw new ExportFault('The export does not begin with its first line.');
    if (line.type === 'begin') return this.#takeBegin(line.hashes, this.#header);
    if (this.#frontier === null) throw new ExportFault('The line that says what stands before the first record is missing.');
    if (line.type === 'record') return this.#takeRecord(line, this.#frontier, this.#header);
    if (line.type === 'rest') return this.#takeRest(line.hashes, this.#frontier, this.#header);
    this.#takeCheckpoint(line.note, this.#frontier);
  }

  #takeHeader(header: ExportHeader): void {
    if (this.#header !== null) throw new ExportFault('The first line of an export stands twice.');
    if (header.from > header.to || header.to > header.size) throw new ExportFault('The first line names a range that does not exist.');
    this.#header = header;
    this.#good = header.from;
    this.#options.eachHeader?.(header);
  }

  #takeBegin(hashes: Buffer[], { from }: ExportHeader): void {
    const nodes = subtrees(0, from);
    if (this.#frontier !== null || hashes.length !== nodes.length) throw new ExportFault('The line that says what stands before the first record does not fit it.');
    for (const [index, node] of nodes.entries()) this.#options.eachNode?.(node, hashes[index] ?? Buffer.alloc(0));
    this.#frontier = { size: from, hashes };
    this.#compareKnown(this.#frontier);
  }

  #takeRecord(record: ExportRecord, frontier: Frontier, { to, contents }: ExportHeader): void {
    const seq = frontier.size;
    if (record.seq !== seq || seq >= to) throw record.seq > seq ? this.#missing(seq) : new ExportFault(`Record ${record.seq} stands where record ${seq} belongs.`, seq);
    const { at, hasTexts } = checkRecord(record, contents);
    this.#texts += hasTexts ? 1 : 0;
    this.#times.take(seq, at);
    appendSubtree(frontier, { level: 0, hash: record.leaf }, this.#options.eachNode);
    this.#compareKnown(frontier);
  }

  /** Holds the records to a checkpoint that was kept elsewhere. */
  #compareKnown(frontier: Frontier): void {
    const root = this.#options.known?.get(frontier.size);
    if (root === undefined || rootOf(frontier).equals(root)) return;
    throw new ExportFault(`The checkpoint of ${frontier.size} records that was kept elsewhere is of another log: one of records ${this.#good} to ${frontier.size - 1} was changed, or what stands before them.`, this.#good, frontier.size - 1);
  }

  #takeRest(hashes: Buffer[], frontier: Frontier, { to, size }: ExportHeader): void {
    if (frontier.size < to) throw this.#missing(frontier.size);
    const nodes = subtrees(to, size);
    if (this.#isRestGiven || hashes.length !== nodes.length) throw new ExportFault('The line that says what follows the last record does not fit it.');
    this.#isRestGiven = true;
    for (const [index, node] of nodes.entries()) appendSubtree(frontier, { level: node.level, hash: hashes[index] ?? Buffer.alloc(0) }, this.#options.eachNode);
    this.#compareKnown(frontier);
  }

  #takeCheckpoint(note: string, frontier: Frontier): void {
    const checkpoint = this.#open(note);
    if (checkpoint.size !== frontier.size) throw new ExportFault(`A checkpoint of ${checkpoint.size} records stands after ${frontier.size}.`, Math.min(checkpoint.size, frontier.size));
    if (this.#last?.checkpoint.size === checkpoint.size) throw new ExportFault(`Two checkpoints of ${checkpoint.size} records.`);
    if (!rootOf(frontier).equals(checkpoint.root)) {
      const [first, last] = [this.#good, Math.min(checkpoint.size, this.#header?.to ?? 0) - 1];
      throw new ExportFault(`The signed checkpoint of ${checkpoint.size} records does not belong to these records: one of records ${first} to ${last} was changed, or what stands around them.`, first, last);
    }
    this.#good = checkpoint.size;
    this.#last = { checkpoint, note };
    this.#checkpoints += 1;
  }

  #open(note: string): Checkpoint {
    let reason = 'No verifier key was given.';
    for (const key of this.#keys) {
      try {
        return openCheckpoint(note, key);
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
        reason = error.message;
      }
    }
    throw new ExportFault(`The checkpoint after ${this.#frontier?.size ?? 0} records is not good. ${reason}`, this.#good, this.#frontier?.size ?? null);
  }

  /** Where one is missing, those before it may have moved up: only a checkpoint would tell. */
  #missing(seq: number): ExportFault {
    const untied = this.#good < seq ? ` No good checkpoint vouches for the records ${this.#good} to ${seq - 1} before it.` : '';
    return Object.assign(new ExportFault(`Record ${seq} is missing.${untied}`, seq), { since: Math.min(this.#good, seq) });
  }

  /** Holds what is complete only at the end. */
  end(): void {
    if (this.#header === null || this.#frontier === null) throw new ExportFault('The export ends before it began.');
    if (this.#frontier.size < this.#header.to) throw this.#missing(this.#frontier.size);
    if (!this.#isRestGiven || this.#last?.checkpoint.size !== this.#header.size) throw new ExportFault(`The last checkpoint, of ${this.#header.size} records, is missing.`, this.#good, this.#header.to);
    const longest = Math.max(0, ...(this.#options.known?.keys() ?? []));
    if (longest > this.#header.size) throw new ExportFault(`A checkpoint of ${longest} records was kept elsewhere, and the export ends with the one of ${this.#header.size}: it is older, or records were taken away.`, this.#header.size);
  }

  /** ", at record 17." */
  place(): string {
    return this.#frontier === null || this.#isRestGiven ? '.' : `, at record ${this.#frontier.size}.`;
  }

  next(): [number | null, number | null] {
    const at = this.#isRestGiven ? null : (this.#frontier?.size ?? null);
    return [at, at];
  }

  result(): Verified {
    if (this.#header === null || this.#last === null) throw new ExportFault('The export ends before it began.');
    return { from: this.#header.from, to: this.#header.to, ...this.#last, checkpoints: this.#checkpoints, texts: this.#texts, notices: this.#times.notices() };
  }
}
