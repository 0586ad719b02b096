/**
 * Makes a Word document of a source, with real heading styles, numbering, tables, header and footer,
 * so that a reader which looks at structure finds one.
 */
import {
  AlignmentType, BorderStyle, Document, Footer, Header, HeadingLevel, LevelFormat, Packer, PageNumber, Paragraph, TabStopType, Table, TableCell,
  TableRow, TextRun, WidthType,
} from 'docx';
import type { List, RootContent, Table as SourceTable } from 'mdast';
import { fixTimes } from './archive.ts';
import { dayInWords, frameWords, toRuns } from './source.ts';
import type { Facts, Run, Source } from './source.ts';

/** Twentieths of a point between the side margins of A4. */
const textWidth = 9240;
const quiet = '6D6B66';
const none = { style: BorderStyle.NONE, size: 0, color: 'FFFFFF' };
const hairline = { style: BorderStyle.SINGLE, size: 4, color: 'D8D5CD' };

/** The finished file. The same source gives the same bytes. */
export async function makeDocx(source: Source): Promise<Uint8Array> {
  const { facts } = source;
  const document = new Document({
    title: facts.title, subject: facts.summary, creator: `Halden Instruments, ${facts.owner}`, lastModifiedBy: facts.owner, description: frameWords[facts.language].notice,
    styles: { default: styles },
    numbering: { config: [numbering('dash', LevelFormat.BULLET, ['•', '–']), numbering('step', LevelFormat.DECIMAL, ['%1.', '%2.'])] },
    sections: [{
      properties: { page: { size: { width: 11906, height: 16838 }, margin: { top: 1500, bottom: 1400, left: 1333, right: 1333 } } },
      headers: { default: new Header({ children: [frameLine(`Halden Instruments\t${facts.number}, ${frameWords[facts.language].version} ${facts.version}`)] }) },
      footers: { default: makeFooter(facts) },
      children: [...makeTitle(facts), ...source.blocks.flatMap((block) => makeBlock(block))],
    }],
  });
  return fixTimes(await Packer.toBuffer(document), facts.valid);
}

const styles = {
  document: { run: { font: 'Calibri', size: 22, color: '1C1E23' }, paragraph: { spacing: { after: 140, line: 290 } } },
  title: { run: { size: 46, bold: true, font: 'Calibri' }, paragraph: { spacing: { after: 80 } } },
  heading1: { run: { size: 29, bold: true, color: '1C1E23', font: 'Calibri' }, paragraph: { spacing: { before: 340, after: 120 }, keepNext: true } },
  heading2: { run: { size: 24, bold: true, color: '1F5A9E', font: 'Calibri' }, paragraph: { spacing: { before: 220, after: 80 }, keepNext: true } },
};

function numbering(reference: string, format: (typeof LevelFormat)[keyof typeof LevelFormat], marks: readonly string[]) {
  return {
    reference,
    levels: marks.map((text, level) => ({ level, format, text, alignment: AlignmentType.LEFT, style: { paragraph: { indent: { left: 400 + 360 * level, hanging: 300 } } } })),
  };
}

function makeTitle(facts: Facts): (Paragraph | Table)[] {
  const words = frameWords[facts.language];
  const rows = [
    [words.document, `${facts.number}, ${words.version} ${facts.version}`], [words.valid, dayInWords(facts.valid, facts.language)], [words.owner, facts.owner], [words.applies, facts.applies],
  ].map((cells) => new TableRow({ children: cells.map((text, index) => makeCell([{ text, bold: false, italic: false }], { width: index === 0 ? 2000 : textWidth - 2000, head: false })) }));
  return [
    new Paragraph({ children: [new TextRun({ text: facts.kind, color: '1F5A9E', bold: true })] }),
    new Paragraph({ text: facts.title, heading: HeadingLevel.TITLE }),
    new Paragraph({ children: [new TextRun({ text: facts.summary, color: quiet, size: 24 })], spacing: { after: 220 } }),
    new Table({ rows, columnWidths: [2000, textWidth - 2000], width: { size: textWidth, type: WidthType.DXA }, borders: tableBorders }),
  ];
}

const tableBorders = { top: hairline, bottom: hairline, left: none, right: none, insideHorizontal: hairline, insideVertical: none };

function makeFooter(facts: Facts): Footer {
  const words = frameWords[facts.language];
  const pages = [new TextRun({ text: `${words.notice}\t${words.page} `, size: 16, color: quiet }), new TextRun({ children: [PageNumber.CURRENT, ` ${words.of} `, PageNumber.TOTAL_PAGES], size: 16, color: quiet })];
  return new Footer({ children: [new Paragraph({ children: pages, tabStops: [{ type: TabStopType.RIGHT, position: textWidth }] })] });
}

function frameLine(text: string): Paragraph {
  return new Paragraph({ children: [new TextRun({ text, size: 16, color: quiet })], tabStops: [{ type: TabStopType.RIGHT, position: textWidth }] });
}

function makeBlock(block: RootContent): (Paragraph | Table)[] {
  if (block.type === 'heading') return [new Paragraph({ children: makeRuns(toRuns(block.children)), heading: block.depth === 2 ? HeadingLevel.HEADING_1 : HeadingLevel.HEADING_2 })];
  if (block.type === 'paragraph') return [new Paragraph({ children: makeRuns(toRuns(block.children)) })];
  if (block.type === 'list') return makeList(block, 0);
  if (block.type === 'table') return [makeTable(block), new Paragraph({ spacing: { after: 60 } })];
  if (block.type === 'blockquote') return block.children.flatMap((child) => (child.type === 'paragraph' ? [makeNote(toRuns(child.children))] : []));
  if (block.type === 'thematicBreak') return [new Paragraph({ pageBreakBefore: true })];
  throw new Error(`Demo sources do not use ${block.type} in a Word document`);
}

function makeNote(runs: readonly Run[]): Paragraph {
  return new Paragraph({ children: makeRuns(runs), indent: { left: 240 }, shading: { fill: 'F5F3EE' }, border: { left: { style: BorderStyle.SINGLE, size: 18, color: '1F5A9E', space: 8 } } });
}

function makeRuns(runs: readonly Run[]): TextRun[] {
  return runs.map((run) => new TextRun({ text: run.text, bold: run.bold, italics: run.italic }));
}

function makeList(list: List, level: number): Paragraph[] {
  const reference = list.ordered === true ? 'step' : 'dash';
  // Each top-level numbered list is an instance of its own and so begins at 1 again.
  const instance = list.position?.start.line ?? 0;
  return list.children.flatMap((item) => item.children.flatMap((child) => {
    if (child.type === 'list') return makeList(child, level + 1);
    return child.type === 'paragraph' ? [new Paragraph({ children: makeRuns(toRuns(child.children)), numbering: { reference, level, instance }, spacing: { after: 70 } })] : [];
  }));
}

function makeTable(table: SourceTable): Table {
  const count = table.children[0]?.children.length ?? 1;
  // Columns share the width by the longest cell of each, within bounds, as Word does not fit them itself in every reader.
  const weights = Array.from({ length: count }, (_, index) => Math.min(40, Math.max(9, ...table.children.map((row) => toRuns(row.children[index]?.children ?? []).map((run) => run.text).join('').length))));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const widths = weights.map((weight) => Math.floor((textWidth * weight) / total));
  const rows = table.children.map((row, number) => new TableRow({
    tableHeader: number === 0, cantSplit: true,
    children: row.children.map((cell, index) => makeCell(toRuns(cell.children), { width: widths[index] ?? 1000, head: number === 0, end: table.align?.[index] === 'right' })),
  }));
  return new Table({ rows, columnWidths: widths, width: { size: textWidth, type: WidthType.DXA }, borders: tableBorders });
}

function makeCell(runs: readonly Run[], { width, head, end = false }: { width: number; head: boolean; end?: boolean }): TableCell {
  const children = runs.map((run) => new TextRun({ text: run.text, bold: head || run.bold, italics: run.italic, size: 19, ...(head ? { color: quiet } : {}) }));
  return new TableCell({
    width: { size: width, type: WidthType.DXA }, margins: { top: 60, bottom: 60, left: 40, right: 140 },
    children: [new Paragraph({ children, alignment: end ? AlignmentType.RIGHT : AlignmentType.LEFT, spacing: { after: 0, line: 250 } })],
  });
}
