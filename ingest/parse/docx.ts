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
    const start = Math.max(xml.lastIndexOf('<w:r>', mark.index), xml.lastIndexOf('<w:r ', mark.index));
    const end = xml.indexOf('</w:r>', mark.index);
    // The mark of a paragraph's end can be hidden too; it holds no text.
    if (start < from || end < 0 || xml.lastIndexOf('</w:r>', mark.index) > start) continue;
    kept.push(xml.slice(from, start));
    from = end + '</w:r>'.length;
  }
  return kept.join('') + xml.slice(from);
}

/** Formulas as their letters in a row; mammoth knows no other way to keep them. */
function writeFormulas(xml: string): string {
  return xml.replace(/<m:oMath(?:\s[^>]*)?>[^]*?<\/m:oMath>/g, (formula) => {
    const letters = [...formula.matchAll(/<m:t(?:\s[^>]*)?>([^<]*)<\/m:t>/g)].map((match) => match[1] ?? '').join(' ');
    return `<w:r><w:t xml:space="preserve">${letters}</w:t></w:r>`;
  }).replace(/<\/?m:oMathPara(?:\s[^>]*)?>|<m:oMathParaPr>[^]*?<\/m:oMathParaPr>/g, '');
}
