/**
 * Real and hostile files that are read in place and never copied here. Runs where ATTEST_TEST_DATA names their folder;
 * with ATTEST_TEST_CORPUS=all every hostile file is tried, otherwise those known to be hard and every fifth of the rest, and a third of the
 * filings, so that the whole stays under a minute.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { clean } from '#ingest/clean.ts';
import { limits } from '#ingest/limits.ts';
import { split } from '#ingest/split.ts';
import { detectFormat, detectionBytes } from '#lib/documents/detect.ts';
import { textOf } from '#lib/documents/place.ts';
import type { Format, ParsedDocument } from '#lib/documents/types.ts';
import { surroundings } from '#lib/env.ts';
import { Problem } from '#lib/errors.ts';
import { openPdf } from './pdf/open.ts';
import { loadReader } from './readers.ts';
import { parseInSandbox, type Usage } from './sandbox.ts';

const data = surroundings()['ATTEST_TEST_DATA'];
const skip = data !== undefined && existsSync(path.join(data, 'parser-nasty')) ? false : 'ATTEST_TEST_DATA does not name the folder of test documents';
const everything = surroundings()['ATTEST_TEST_CORPUS'] === 'all';

function listFiles(folder: string): string[] {
  const entries = readdirSync(path.join(data ?? '', folder), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name)).sort();
}

function detect(file: string, bytes: Uint8Array): Promise<Format | Problem> {
  return detectFormat(file, bytes.subarray(0, detectionBytes)).catch((error: unknown) => (error instanceof Problem ? error : assert.fail(`${file}: ${String(error)}`)));
}

/** Files that have bombed, fuzzed or broken some reader elsewhere. */
const hard = /archive\.docx$|xmlbomb|fuzz|crash-|Crash|REDHAT|poppler-\d+-0|stress003|xxe|PDFBOX-4417|recursive/;

test('every hostile file gets a document or a reason within 30 seconds, and the parent stays small', { skip, timeout: 600_000 }, async (context) => {
  const files = listFiles('parser-nasty').filter((file, index) => everything || hard.test(file) || index % 5 === 0);
  const before = process.memoryUsage().rss;
  const verdicts = new Map<string, number>();
  let slowest = 0;
  let largest = 0;
  const waiting = [...files];
  async function work(): Promise<void> {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { verdict, usage } = await judgeFile(file);
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
      slowest = Math.max(slowest, usage.wallMs);
      largest = Math.max(largest, usage.residentBytes);
      assert.ok(usage.wallMs < 30_000, `${file} took ${usage.wallMs} ms`);
    }
  }
  await Promise.all([work(), work()]);
  const growth = (process.memoryUsage().rss - before) / 1e6;
  const summary = [...verdicts].sort().map(([verdict, count]) => `${verdict} ${count}`).join(', ');
  context.diagnostic(`${files.length} files: ${summary}; slowest ${Math.round(slowest)} ms, largest child ${Math.round(largest / 1e6)} MB, parent grew by ${Math.round(growth)} MB`);
  assert.equal([...verdicts.values()].reduce((sum, count) => sum + count, 0), files.length);
  assert.ok(largest < limits.childResidentBytesMax * 1.2, `a child held ${largest} bytes`);
  assert.ok(growth < 150, `the parent grew by ${growth} MB`);
});

async function judgeFile(file: string): Promise<{ verdict: string; usage: Usage }> {
  let usage: Usage = { wallMs: 0, residentBytes: 0 };
  const format = await detect(file, readFileSync(file));
  if (format instanceof Problem) return { verdict: format.code, usage };
  const outcome = await parseInSandbox({ path: file, format, onUsage: (measured) => (usage = measured) }).then(
    (document) => (document.blocks.length > 0 ? 'parsed' : assert.fail(`${file} was parsed to nothing`)),
    (error: unknown) => (error instanceof Problem && error.code.startsWith('file-') ? error.code : assert.fail(`${file}: ${String(error)}`)),
  );
  return { verdict: outcome, usage };
}

test('real filings and policies parse with their boxes on the page, and split into chunks that their places reproduce', { skip, timeout: 300_000 }, async (context) => {
  const readPdf = await loadReader('pdf');
  const all = [...listFiles('kg-rag-10q/docs'), ...listFiles('enterprisebench-policies/policies')].filter((file) => file.endsWith('.pdf'));
  const files = all.filter((_, index) => everything || index % 3 === 0);
  let pages = 0;
  let chunksTotal = 0;
  let milliseconds = 0;
  for (const file of files) {
    const bytes = readFileSync(file);
    const sizes = await readPageSizes(new Uint8Array(bytes));
    const started = performance.now();
    const document = await readPdf(new Uint8Array(bytes), limits);
    milliseconds += performance.now() - started;
    pages += sizes.length;
    checkBoxes(document, sizes);
    const { blocks } = clean(document);
    const chunks = await split(blocks);
    chunksTotal += chunks.length;
    for (const chunk of chunks) {
      assert.equal(chunk.text, textOf(blocks, chunk.place));
      assert.ok(chunk.place.boxes && chunk.place.boxes.length > 0);
    }
  }
  context.diagnostic(`${files.length} PDFs, ${pages} pages, ${Math.round(pages / (milliseconds / 1000))} pages/s, ${chunksTotal} chunks`);
  assert.equal(all.length, 44);
});

async function readPageSizes(bytes: Uint8Array): Promise<{ width: number; height: number }[]> {
  const pdf = await openPdf(bytes);
  const sizes: { width: number; height: number }[] = [];
  for (let number = 1; number <= pdf.document.numPages; number += 1) {
    const { width, height } = (await pdf.document.getPage(number)).getViewport({ scale: 1 });
    sizes.push({ width, height });
  }
  await pdf.close();
  return sizes;
}

function checkBoxes(document: ParsedDocument, sizes: readonly { width: number; height: number }[]): void {
  for (const block of document.blocks) {
    let end = 0;
    for (const line of block.lines ?? assert.fail('a block without lines')) {
      const page = sizes[line.page - 1] ?? assert.fail(`no page ${line.page}`);
      assert.ok(line.x >= 0 && line.y >= 0 && line.x + line.width <= page.width + 0.1 && line.y + line.height <= page.height + 0.1, JSON.stringify(line));
      assert.ok(line.start >= end && line.end >= line.start && line.end <= block.text.length, 'lines follow each other');
      end = line.end;
    }
  }
}

/** Share of the words of another converter's Markdown that we read too, per format; measured, then set a little lower. Charts, comments and merged cells written twice are the rest. */
const recallMin: Readonly<Partial<Record<Format, number>>> = { pdf: 0.98, docx: 0.88, html: 0.97, pptx: 0.7, xlsx: 0.7, csv: 0.99 };

test('nearly every word that another converter finds is found', { skip, timeout: 120_000 }, async (context) => {
  const root = path.join(data ?? '', 'docling-groundtruth');
  const counts = new Map<Format, { found: number; all: number }>();
  for (const pair of readFileSync(path.join(root, 'PAIRS.tsv'), 'utf8').trim().split('\n').slice(1)) {
    const [source = '', expected = ''] = pair.split('\t');
    const bytes = readFileSync(path.join(root, source));
    const format = await detect(source, bytes);
    if (format instanceof Problem) continue;
    const read = await loadReader(format);
    const { blocks } = clean(await read(new Uint8Array(bytes), limits));
    const wanted = wordsOf(readFileSync(path.join(root, expected), 'utf8'));
    const sum = counts.get(format) ?? { found: 0, all: 0 };
    counts.set(format, { found: sum.found + countFound(wanted, wordsOf(blocks.map((block) => block.text).join('\n'))), all: sum.all + wanted.length });
  }
  for (const [format, { found, all }] of counts) {
    context.diagnostic(`${format}: ${((100 * found) / all).toFixed(1)} % of ${all} words`);
    assert.ok(found / all >= (recallMin[format] ?? 0), `${format}: ${found} of ${all}`);
  }
  assert.deepEqual([...counts.keys()].sort(), Object.keys(recallMin).sort());
});

/** Words as people see them, without Markdown's pictures and addresses. */
function wordsOf(markdown: string): string[] {
  const plain = markdown.replace(/<!--.*?-->/gs, ' ').replace(/!\[[^\]]*\]\([^)]*\)/g, ' ').replace(/\]\([^)]*\)/g, '] ').replace(/&(amp|lt|gt);/g, ' ');
  return plain.normalize('NFKC').toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

function countFound(wanted: readonly string[], present: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of present) left.set(word, (left.get(word) ?? 0) + 1);
  return wanted.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  }).length;
}
