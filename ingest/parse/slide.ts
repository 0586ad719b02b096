/**
 * One slide, notes page or diagram of a presentation as shapes with their paragraphs and tables.
 */
import type { Limits } from '#ingest/limits.ts';
import { readXml } from './xml.ts';

export interface Shape {
  /** `furniture` is a slide number, date or footer; it is left out by `readSlide`. */
  role: 'title' | 'body' | 'other' | 'furniture';
  paragraphs: { text: string; isItem: boolean }[];
  /** A table's cells, when the shape is one. */
  rows: string[][];
  /** A text placeholder with several paragraphs, which are shown with bullets. */
  isList: boolean;
}

const roles: Readonly<Record<string, Shape['role']>> = {
  title: 'title', ctrTitle: 'title', body: 'body', subTitle: 'other', obj: 'body', sldNum: 'furniture', dt: 'furniture', ftr: 'furniture', hdr: 'furniture', sldImg: 'furniture',
};

/** The shapes with text, in the order of the file. */
export function readSlide(part: Uint8Array, limits: Limits): Shape[] {
  const shapes: Shape[] = [];
  let shape = startShape();
  let paragraph = { text: '', isItem: false };
  let cell: string[] | undefined;
  let inText = false;
  /** Depth inside content that is not shown: the fallback of newer drawings, and hidden shapes. */
  let skipped = 0;
  let isHidden = false;

  function finishShape(): void {
    const { role, paragraphs, rows } = shape;
    const filled = paragraphs.filter(({ text }) => text.trim() !== '');
    if (!isHidden && role !== 'furniture' && (filled.length > 0 || rows.length > 0)) shapes.push({ ...shape, isList: role === 'body' && filled.length > 1 });
    shape = startShape();
    isHidden = false;
  }

  function open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (skipped > 0 || name === 'Fallback') return void (skipped += 1);
    if (name === 'sp' || name === 'graphicFrame' || name === 'pt') finishShape();
    else if (name === 'cNvPr') isHidden = attributes['hidden'] === '1' || attributes['hidden'] === 'true';
    else if (name === 'ph') shape.role = roles[attributes['type'] ?? 'body'] ?? 'other';
    else if (name === 'tr') shape.rows.push([]);
    else if (name === 'tc') cell = [];
    else if (name === 'p') paragraph = { text: '', isItem: false };
    else if (name === 'buChar' || name === 'buAutoNum') paragraph.isItem = true;
    else if (name === 'br') paragraph.text += '\n';
    else if (name === 't') inText = true;
  }

  function close(name: string): void {
    if (skipped > 0) return void (skipped -= 1);
    if (name === 't') inText = false;
    else if (name === 'p' && cell) cell.push(paragraph.text);
    else if (name === 'p') shape.paragraphs.push(paragraph);
    else if (name === 'tc') {
      shape.rows.at(-1)?.push(cell?.join(' ') ?? '');
      cell = undefined;
    } else if (name === 'sp' || name === 'graphicFrame' || name === 'pt') finishShape();
  }

  readXml(part, { open, close, text: (text) => void (inText && skipped === 0 && (paragraph.text += text)) }, limits);
  finishShape();
  return shapes;
}

function startShape(): Shape {
  return { role: 'other', paragraphs: [], rows: [], isList: false };
}
