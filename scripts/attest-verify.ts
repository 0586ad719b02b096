#!/usr/bin/env node
/**
 * `npx attest-verify EXPORT --key VERIFIERKEY`: whether an export of the audit log is what was signed. Needs no database
 * and no network. EXPORT `-` reads standard input. Exit code 0: everything holds; 1: something does not; 2: it was not asked right.
 *   --key K      verifier key, or a file that holds some, a line each; again for a log that had several keys
 *   --checkpoints FILE  checkpoints that were kept elsewhere: the export must lead to each of them and reach the last
 *   --prove SEQ  also prints the inclusion proof of that record (C2SP tlog-proof)
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { notesIn } from '#lib/audit/checkpoint-file.ts';
import { CheckpointError, openCheckpoint, readVerifyingKey, type VerifyingKey } from '#lib/audit/checkpoint.ts';
import { linesOf } from '#lib/audit/line-reader.ts';
import { gatherProof, type ProofGatherer } from '#lib/audit/prove.ts';
import { ExportFault } from '#lib/audit/verify-record.ts';
import { verifyExport, type Verified } from '#lib/audit/verify.ts';

const usage = 'Usage: attest-verify EXPORT --key VERIFIERKEY [--key ...] [--checkpoints FILE] [--prove SEQ]';
const highWaterMark = 1024 * 1024;

interface Asked {
  file: string;
  keys: VerifyingKey[];
  prove: number | null;
  known: Map<number, Buffer>;
}

function readArguments(): Asked {
  const { values, positionals } = parseArgs({ options: { key: { type: 'string', multiple: true }, prove: { type: 'string' }, checkpoints: { type: 'string' } }, allowPositionals: true });
  const [file, ...others] = positionals;
  if (file === undefined || others.length > 0 || values.key === undefined) throw new Error(usage);
  const prove = values.prove === undefined ? null : Number(values.prove);
  if (prove !== null && !(Number.isSafeInteger(prove) && prove >= 0)) throw new Error(`--prove takes the number of a record. ${usage}`);
  const keys = values.key.flatMap(readKeys);
  return { file, keys, prove, known: values.checkpoints === undefined ? new Map() : readCheckpoints(values.checkpoints, keys) };
}

function readKeys(given: string): VerifyingKey[] {
  const texts = fs.existsSync(given) ? fs.readFileSync(given, 'utf8').split('\n').filter((line) => line.trim() !== '') : [given];
  return texts.map(readVerifyingKey);
}

/** Roots by size of the notes in the file that one of the keys signed. */
function readCheckpoints(file: string, keys: VerifyingKey[]): Map<number, Buffer> {
  const opened = notesIn(fs.readFileSync(file, 'utf8')).flatMap((note) => keys.flatMap((key) => {
    try {
      return [openCheckpoint(note, key)];
    } catch (error) {
      if (error instanceof CheckpointError) return [];
      throw error;
    }
  }));
  if (opened.length === 0) throw new Error(`${file} holds no checkpoint that was signed with the key.`);
  const known = new Map(opened.map(({ size, root }) => [size, root]));
  const fork = opened.find(({ size, root }) => known.get(size)?.equals(root) !== true);
  if (fork !== undefined) throw new ExportFault(`${file} holds two different checkpoints of ${fork.size} records: the log was signed twice with different records.`);
  return known;
}

async function verify({ file, keys, prove, known }: Asked): Promise<{ verified: Verified; proof: ProofGatherer | null }> {
  let proof: ProofGatherer | null = null;
  const bytes = file === '-' ? process.stdin : fs.createReadStream(file, { highWaterMark });
  const verified = await verifyExport(linesOf(bytes), keys, prove === null ? { known } : {
    known,
    eachHeader({ from, to, size }) {
      if (prove < from || prove >= to) throw new ExportFault(`The export holds the records ${from} to ${to - 1}, and not record ${prove}.`);
      proof = gatherProof(prove, size);
    },
    eachNode: (node, hash) => proof?.take(node, hash),
  });
  return { verified, proof };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

let asked: Asked | null = null;
try {
  asked = readArguments();
} catch (error) {
  if (error instanceof ExportFault) say(`NOT VERIFIED: ${error.message}`);
  else process.stderr.write(`${error instanceof Error ? error.message : usage}\n`);
  process.exitCode = error instanceof ExportFault ? 1 : 2;
}
if (asked !== null) {
  try {
    const { verified, proof } = await verify(asked);
    const { from, to, checkpoint, checkpoints, texts, notices } = verified;
    for (const notice of notices) say(`Note: ${notice}`);
    if (proof !== null) say(await proof.write(verified));
    say(`Root ${checkpoint.root.toString('hex')} of ${checkpoint.size} records, signed by ${checkpoint.origin}.`);
    say(`VERIFIED: records ${from} to ${to - 1}, ${checkpoints} checkpoints, ${texts} texts.`);
  } catch (error) {
    const where = error instanceof ExportFault && error.first !== null ? ` First bad record: ${error.first === error.last ? error.first : `one of ${error.first} to ${error.last}`}.` : '';
    say(`NOT VERIFIED: ${error instanceof Error ? error.message : String(error)}${where}`);
    process.exitCode = error instanceof ExportFault ? 1 : 2;
  }
}
