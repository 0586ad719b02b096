/**
 * The program of the parsing child: one file on stdin, its clean text as one JSON answer on stdout, then it ends. It is given no
 * configuration, no key and no path; what it loads from here on works on a stranger's bytes.
 */
import { Console } from 'node:console';
import { readFileSync } from 'node:fs';
import { clean } from '#ingest/clean.ts';
import { limits } from '#ingest/limits.ts';
import { Problem } from '#lib/errors.ts';
import { goOffline } from './offline.ts';
import { loadReader } from './readers.ts';
import { isFormat, type ParseResult } from './result.ts';

// Libraries talk on the console; stdout belongs to the answer alone.
globalThis.console = new Console(process.stderr);
goOffline();

const result = await parse(process.argv[2]).catch(explain);
process.stdout.write(JSON.stringify(result), () => process.exit(0));

async function parse(format: string | undefined): Promise<ParseResult> {
  if (!isFormat(format)) throw new Problem('file-type-unsupported');
  const read = await loadReader(format);
  // Here and not where the answer is read: what a stranger wrote is only ever searched through in this process.
  const document = clean(await read(new Uint8Array(readFileSync(0)), limits));
  if (document.blocks.length === 0) throw new Problem('file-no-text', { detail: 'No text was found in the file.' });
  return { outcome: 'parsed', document };
}

function explain(error: unknown): ParseResult {
  if (error instanceof Problem && error.code.startsWith('file-')) return { outcome: 'refused', code: error.code, detail: error.message.slice(0, 1000) };
  // Too long a string, too large an array, too deep a recursion: the file is bigger in some direction than a reader can hold.
  if (error instanceof RangeError) return { outcome: 'refused', code: 'file-too-complex', detail: 'The file is larger or nested deeper than can be read. Split it into smaller files.' };
  process.stderr.write(`${error instanceof Error ? error.name : 'unknown error'}\n`);
  return { outcome: 'refused', code: 'file-damaged', detail: 'The file could not be read to its end, which usually means that it is damaged. Open it in its own program, save it again and upload that copy.' };
}
