/**
 * Makes a workbook of a source: each `##` is a sheet, its paragraphs the lines on top, its table the cells.
 * Numbers, percentages and `=SUM(A1:A9)` become what Excel would hold, with the computed value beside the formula.
 */
import * as xlsx from '@e965/xlsx';
import type { CellObject, WorkSheet } from '@e965/xlsx';
import type { RootContent, Table } from 'mdast';
import { fixTimes } from './archive.ts';
import { frameWords, plainText } from './source.ts';
import type { Facts, Source } from './source.ts';

/** The finished file. The same source gives the same bytes. */
export function makeXlsx(source: Source): Uint8Array {
  const book = xlsx.utils.book_new();
  xlsx.utils.book_append_sheet(book, makeCover(source.facts), 'About');
  for (const [name, blocks] of splitByHeading(source.blocks)) xlsx.utils.book_append_sheet(book, makeSheet(blocks), name);
  book.Props = { Title: source.facts.title, Subject: source.facts.summary, Author: `Halden Instruments, ${source.facts.owner}`, CreatedDate: new Date(`${source.facts.valid}T08:00:00Z`) };
  const bytes: ArrayBuffer = xlsx.write(book, { type: 'array', bookType: 'xlsx', compression: true });
  return fixTimes(new Uint8Array(bytes), source.facts.valid);
}

/** The blocks under each `##`, in order. */
export function splitByHeading(blocks: readonly RootContent[]): [title: string, blocks: RootContent[]][] {
  const parts: [string, RootContent[]][] = [];
  for (const block of blocks) {
    if (block.type === 'heading' && block.depth === 2) parts.push([plainText(block), []]);
    else parts.at(-1)?.[1].push(block);
  }
  return parts;
}

function makeCover(facts: Facts): WorkSheet {
  const words = frameWords[facts.language];
  const sheet = xlsx.utils.aoa_to_sheet([
    [facts.title], [facts.summary], [], [words.document, `${facts.number}, ${words.version} ${facts.version}`], [words.valid, facts.valid], [words.owner, facts.owner], [words.applies, facts.applies], [], [words.notice],
  ]);
  sheet['!cols'] = [{ wch: 18 }, { wch: 60 }];
  return sheet;
}

function makeSheet(blocks: readonly RootContent[]): WorkSheet {
  const table = blocks.find((block): block is Table => block.type === 'table');
  if (table === undefined) throw new Error('A sheet of a demo workbook needs a table');
  const lines = blocks.flatMap((block) => (block.type === 'paragraph' ? [[plainText(block).replaceAll('\n', ' ')]] : []));
  const cells = table.children.map((row) => row.children.map((cell) => toCell(cell.children.map((child) => plainText(child)).join(''))));
  const sheet = xlsx.utils.aoa_to_sheet([...lines, [], ...cells]);
  computeSums(sheet);
  const first = lines.length + 1;
  const width = cells[0]?.length ?? 1;
  sheet['!cols'] = Array.from({ length: width }, (_, column) => ({ wch: Math.min(46, Math.max(10, ...table.children.map((row) => plainLength(row.children[column])))) + 2 }));
  sheet['!autofilter'] = { ref: xlsx.utils.encode_range({ s: { r: first, c: 0 }, e: { r: first + cells.length - 1, c: width - 1 } }) };
  return sheet;
}

function plainLength(cell: RootContent | undefined): number {
  return cell === undefined ? 0 : plainText(cell).length;
}

/** `12,500`, `0.35` and `-3` are numbers, `12 %` a share, `=SUM(B2:B9)` a formula whose value comes later; the rest is text. */
function toCell(text: string): CellObject {
  if (/^=SUM\(\w+:\w+\)$/.test(text)) return { t: 'n', f: text.slice(1), v: 0, z: '#,##0' };
  const share = /^(-?[\d.]+) %$/.exec(text)?.[1];
  if (share !== undefined) return { t: 'n', v: Number((Number(share) / 100).toFixed(6)), z: share.includes('.') ? '0.0%' : '0%' };
  if (/^-?\d{1,3}(,\d{3})+$/.test(text)) return { t: 'n', v: Number(text.replaceAll(',', '')), z: '#,##0' };
  if (/^-?\d{1,3}$|^-?\d+\.\d+$/.test(text)) return { t: 'n', v: Number(text) };
  return { t: 's', v: text };
}

/** Readers that do not calculate show the stored value, so it has to be right. */
function computeSums(sheet: WorkSheet): void {
  for (const address of Object.keys(sheet)) {
    const cell: CellObject | undefined = address.startsWith('!') ? undefined : sheet[address];
    const range = /^SUM\((.+)\)$/.exec(cell?.f ?? '')?.[1];
    if (cell === undefined || range === undefined) continue;
    const { s, e } = xlsx.utils.decode_range(range);
    let sum = 0;
    for (let r = s.r; r <= e.r; r += 1) for (let c = s.c; c <= e.c; c += 1) sum += Number(sheet[xlsx.utils.encode_cell({ r, c })]?.v ?? 0);
    cell.v = sum;
  }
}
