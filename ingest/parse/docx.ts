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
    if (/^word\/(?:document\d*|footnotes|endnotes)\.xml$/.test(name)) parts.set(name, dropHiddenRuns(part));
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

/** Takes out runs marked as hidden: nobody who opens the document sees them, so no answer may rest on them. */
function dropHiddenRuns(part: Uint8Array): Uint8Array {
  let xml = new TextDecoder().decode(part);
  if (!xml.includes('<w:vanish')) return part;
  const kept: string[] = [];
  for (let mark = xml.search(/<w:vanish(?!\s+w:val="(?:0|false|off)")/); mark >= 0; mark = xml.search(/<w:vanish(?!\s+w:val="(?:0|false|off)")/)) {
    const start = Math.max(xml.lastIndexOf('<w:r>', mark), xml.lastIndexOf('<w:r ', mark));
    const isInRun = start >= 0 && start > xml.lastIndexOf('</w:r>', mark);
    const end = isInRun ? xml.indexOf('</w:r>', mark) + '</w:r>'.length : mark + 1;
    kept.push(xml.slice(0, isInRun ? start : end));
    xml = xml.slice(end);
  }
  return new TextEncoder().encode(kept.join('') + xml);
}
