/**
 * Reads a Word document through mammoth, which gives HTML, and the HTML reader. Pictures, embedded files, comments,
 * deleted and hidden text are left out before mammoth sees the file; it is given no access to other files.
 */
import mammoth from 'mammoth';
import { parseFragment } from 'parse5';
import { Problem } from '#lib/errors.ts';
import { packParts, readParts } from './archive.ts';
import { createCollector, type Reader } from './collector.ts';
import { walkHtml } from './html.ts';
import { readOfficeTitle } from './xml.ts';

const wanted = /^(?:\[Content_Types\]\.xml|_rels\/\.rels|docProps\/core\.xml|word\/(?!media\/|embeddings\/|fonts\/|theme\/)[^]*\.(?:xml|rels))$/;
const styleMap = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => p:fresh",
  "p[style-name='Quote'] => blockquote:fresh",
  "p[style-name='Intense Quote'] => blockquote:fresh",
  "p[style-name='Code'] => pre:separator('\\n')",
  'comment-reference => ',
];

export const readDocx: Reader = async (bytes, limits) => {
  const parts = await readParts(bytes, { format: 'docx', wanted }, limits);
  const collector = createCollector(limits);
  const title = readOfficeTitle(parts.get('docProps/core.xml'), limits);
  for (const [name, part] of parts) {
    if (/^word\/(?:document\d*|footnotes|endnotes)\.xml$/.test(name)) parts.set(name, prepare(part));
  }
  const html = await toHtml(Buffer.from(packParts(parts)));
  walkHtml(parseFragment(html).childNodes, collector, limits);
  const document = collector.finish();
  const heading = document.blocks.find((block) => block.kind === 'heading' && block.level === 1);
  return { ...document, ...(title ?? heading ? { title: title ?? heading?.text ?? '' } : {}) };
};

async function toHtml(buffer: Buffer): Promise<string> {
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer },
      { styleMap, externalFileAccess: false, includeEmbeddedStyleMap: false, convertImage: mammoth.images.imgElement(async () => ({ src: '' })) },
    );
    return value;
  } catch (cause) {
    // Too large for one string or array: the child says so in words.
    if (cause instanceof RangeError) throw cause;
    throw new Problem('file-damaged', { detail: 'The Word document is damaged and could not be read.', cause });
  }
}

/** The text of a part made ready for mammoth. A part without hidden text or formulas stays as it is. */
function prepare(part: Uint8Array): Uint8Array {
  const xml = new TextDecoder().decode(part);
  if (!xml.includes('<w:vanish') && !xml.includes('<m:oMath')) return part;
  return new TextEncoder().encode(writeFormulas(dropHiddenRuns(xml)));
}

/** Takes out runs marked as hidden: nobody who opens the document sees them, so no answer may rest on them. */
function dropHiddenRuns(xml: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const mark of xml.matchAll(/<w:vanish(?!\s+w:val="(?:0|false|off)")/g)) {
    if (mark.index < from) continue;
    // A run's properties are its first child, so its beginning is near.
    const near = Math.max(from, mark.index - runPropertiesMax);
    const before = xml.slice(near, mark.index);
    const start = Math.max(before.lastIndexOf('<w:r>'), before.lastIndexOf('<w:r '));
    // The mark of a paragraph's end can be hidden too; it is in no run and holds no text.
    if (start < 0 || before.lastIndexOf('</w:r>') > start) continue;
    const end = xml.indexOf('</w:r>', mark.index);
    if (end < 0) break;
    kept.push(xml.slice(from, near + start));
    from = end + '</w:r>'.length;
  }
  return kept.join('') + xml.slice(from);
}

/** Characters from the beginning of a run to a mark among its properties. */
const runPropertiesMax = 4000;

/** Formulas as their letters in a row; mammoth knows no other way to keep them. */
function writeFormulas(xml: string): string {
  const written: string[] = [];
  let from = 0;
  for (const start of xml.matchAll(/<m:oMath(?:\s[^<>]*)?>/g)) {
    if (start.index < from) continue;
    const end = xml.indexOf('</m:oMath>', start.index);
    if (end < 0) break;
    const letters = [...xml.slice(start.index, end).matchAll(/<m:t(?:\s[^<>]*)?>([^<]*)<\/m:t>/g)].map((match) => match[1] ?? '').join(' ');
    written.push(xml.slice(from, start.index), `<w:r><w:t xml:space="preserve">${letters}</w:t></w:r>`);
    from = end + '</m:oMath>'.length;
  }
  // What mammoth does not know it leaves out with all that is inside, so the frame around a formula on its own line goes.
  return (written.join('') + xml.slice(from)).replace(/<\/?m:oMathPara(?:\s[^<>]*)?>/g, '');
}
