/**
 * Reads comma, semicolon, tab or pipe separated tables. Formulas stay the text that they are.
 */
import { parse } from 'csv-parse/sync';
import { Problem } from '#lib/errors.ts';
import { createCollector, type Reader } from './collector.ts';
import { decodeText } from './decode.ts';

const delimiters = [',', ';', '\t', '|'];

export const readCsv: Reader = async (bytes, limits) => {
  const { text, warning } = decodeText(bytes);
  const collector = createCollector(limits);
  if (warning) collector.warn(warning);
  const delimiter = sniffDelimiter(text);
  const rows = parseRows(text, delimiter, limits.rowsMax + 1);
  if (rows.length > limits.rowsMax) {
    rows.length = limits.rowsMax;
    collector.warn(`Only the first ${limits.rowsMax.toLocaleString('en')} rows were read.`);
  }
  if (rows.some((row) => row.length > limits.columnsMax)) {
    throw new Problem('file-too-complex', { detail: `The table has more than ${limits.columnsMax} columns.` });
  }
  collector.addTable(rows);
  return collector.finish();
};

function parseRows(text: string, delimiter: string, to: number): string[][] {
  try {
    return parse(text, { delimiter, to, bom: true, relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true, skipRecordsWithEmptyValues: true });
  } catch (cause) {
    throw new Problem('file-damaged', { detail: 'The table could not be read: a quotation mark is opened and never closed.', cause });
  }
}

/** The delimiter that stands equally often (at least once) in most of the first lines; a comma when none does. */
export function sniffDelimiter(text: string): string {
  const lines = text.slice(0, 64 * 1024).replace(/"(?:[^"]|"")*"/g, '""').split(/\r?\n/).filter((line) => line.trim() !== '').slice(0, 30);
  const scores = delimiters.map((delimiter) => ({ delimiter, score: scoreDelimiter(lines, delimiter) }));
  const best = scores.reduce((left, right) => (right.score > left.score ? right : left));
  return best.score > 0 ? best.delimiter : ',';
}

/** Lines that agree on the most frequent number of delimiters; more columns win a tie. */
function scoreDelimiter(lines: readonly string[], delimiter: string): number {
  const counts = lines.map((line) => line.split(delimiter).length - 1).filter((count) => count > 0);
  const scores = counts.map((count) => counts.filter((other) => other === count).length + Math.min(count, 20) / 100);
  return Math.max(0, ...scores);
}
