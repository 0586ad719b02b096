/**
 * Reads XML parts of Office files as events. No document type, no entity of the file's own, no endless nesting.
 */
import { SaxesParser } from 'saxes';
import { Problem } from '#lib/errors.ts';
import type { Limits } from '#ingest/limits.ts';

/** Names come without their namespace prefix: `a:tbl` is `tbl`; attributes keep theirs. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Throws file-damaged when the part is not well-formed, file-too-complex when it is nested too deeply. */
export function readXml(part: Uint8Array, handler: XmlHandler, limits: Limits): void {
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  parser.on('error', (cause) => {
    throw new Problem('file-damaged', { detail: 'A part of the file is not well-formed XML.', cause });
  });
  parser.on('doctype', () => {
    throw new Problem('file-damaged', { detail: 'The file defines its own XML entities, which Office files never do. It was not read.' });
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > limits.depthMax) throw new Problem('file-too-complex', { detail: 'The file is nested deeper than is read.' });
    handler.open?.(localName(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    handler.close?.(localName(name));
  });
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  parser.write(decode(part)).close();
}

function decode(part: Uint8Array): string {
  const label = part[0] === 0xff && part[1] === 0xfe ? 'utf-16le' : part[0] === 0xfe && part[1] === 0xff ? 'utf-16be' : 'utf-8';
  return new TextDecoder(label).decode(part);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The title in an Office file's properties, unless it is one that the program made up. */
export function readOfficeTitle(core: Uint8Array | undefined, limits: Limits): string | undefined {
  if (!core) return undefined;
  let title = '';
  let inTitle = false;
  readXml(core, {
    open: (name) => void (inTitle = name === 'title'),
    close: () => void (inTitle = false),
    text: (text) => void (title += inTitle ? text : ''),
  }, limits);
  const isMadeUp = /^(?:|(?:microsoft )?powerpoint[- ]pr[äe]sentation|presentation|slide 1|title|untitled|document\d*|workbook)$/i.test(title.trim());
  return isMadeUp ? undefined : title.trim();
}
