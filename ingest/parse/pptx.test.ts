import assert from 'node:assert/strict';
import test from 'node:test';
import PptxGen from 'pptxgenjs';
import { limits } from '#ingest/limits.ts';
import { isProblem } from '#lib/errors.ts';
import { readPptx } from './pptx.ts';
import { readSlide } from './slide.ts';
import { buildArchive, encode, outline } from './testing.ts';

// The package is CommonJS, and its types describe its module form.
const Presentation = PptxGen as unknown as new () => PptxGen;

async function build(fill: (presentation: PptxGen) => void): Promise<Uint8Array> {
  const presentation = new Presentation();
  presentation.defineSlideMaster({ title: 'MAIN', objects: [{ placeholder: { options: { name: 'title', type: 'title', x: 0.5, y: 0.3, w: 9, h: 1 }, text: '' } }, { placeholder: { options: { name: 'body', type: 'body', x: 0.5, y: 1.5, w: 9, h: 3 }, text: '' } }] });
  fill(presentation);
  return new Uint8Array((await presentation.write({ outputType: 'nodebuffer' })) as Buffer);
}

test('slides are read in order with title, bullets, tables and notes', async () => {
  const bytes = await build((presentation) => {
    presentation.title = 'Security awareness';
    const first = presentation.addSlide({ masterName: 'MAIN' });
    first.addText('Phishing', { placeholder: 'title' });
    first.addText([{ text: 'Check the sender', options: { breakLine: true } }, { text: 'Do not click' }], { placeholder: 'body' });
    first.addText('A box beside it', { x: 1, y: 5, w: 3, h: 0.5 });
    first.addNotes('Tell the story of the invoice.');
    const second = presentation.addSlide({ masterName: 'MAIN' });
    second.addText('Numbers', { placeholder: 'title' });
    second.addTable([[{ text: 'Year' }, { text: 'Reports' }], [{ text: '2025' }, { text: '41' }]], { x: 1, y: 2 });
  });
  const document = await readPptx(bytes, limits);
  assert.equal(document.title, 'Security awareness');
  assert.equal(document.pageCount, 2);
  assert.deepEqual(outline(document), [
    'heading2 Phishing',
    'list-item Check the sender',
    'list-item Do not click',
    'paragraph A box beside it',
    'paragraph Tell the story of the invoice.',
    'heading2 Numbers',
    'table Year | Reports\n2025 | 41',
  ]);
  assert.deepEqual([...new Set(document.blocks.map((block) => `${block.page} ${block.pageLabel}`))], ['1 Phishing', '2 Numbers']);
});

test('slide numbers, hidden shapes and fallbacks of newer drawings are not read', () => {
  const shape = (inside: string, about = ''): string => `<p:sp><p:nvSpPr><p:cNvPr id="1" name="x" ${about}/></p:nvSpPr>${inside}</p:sp>`;
  const words = (text: string): string => `<p:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody>`;
  const slide = `<p:sld xmlns:p="p" xmlns:a="a" xmlns:mc="mc">${shape(words('shown'))}${shape(words('hidden'), 'hidden="1"')}${shape(`<p:nvPr><p:ph type="sldNum"/></p:nvPr>${words('7')}`)}<mc:AlternateContent><mc:Choice>${shape(words('new'))}</mc:Choice><mc:Fallback>${shape(words('old'))}</mc:Fallback></mc:AlternateContent></p:sld>`;
  assert.deepEqual(readSlide(encode(slide), limits).map((item) => item.paragraphs.map((paragraph) => paragraph.text)), [['shown'], ['new']]);
});

test('a damaged slide is named in a warning and the others are kept', async () => {
  const relations = '<Relationships><Relationship Id="r1" Type="slide" Target="slides/slide1.xml"/><Relationship Id="r2" Type="slide" Target="slides/slide2.xml"/><Relationship Id="r3" Type="slide" Target="../../etc/passwd"/></Relationships>';
  const document = await readPptx(
    buildArchive({
      'ppt/presentation.xml': '<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst><p:sldId r:id="r1"/><p:sldId r:id="r2"/><p:sldId r:id="r3"/></p:sldIdLst></p:presentation>',
      'ppt/_rels/presentation.xml.rels': relations,
      'ppt/slides/slide1.xml': '<p:sld><p:sp><a:p><a:t>good</a:t></a:p></p:sp></p:sld>',
      'ppt/slides/slide2.xml': '<p:sld><p:sp><a:p><a:t>bad',
    }),
    limits,
  );
  assert.deepEqual(outline(document), ['paragraph good']);
  assert.deepEqual(document.warnings.map((warning) => warning.page), [2, 3]);
});

test('a presentation without words or with endless nesting is refused with a reason', async () => {
  await assert.rejects(readPptx(buildArchive({ 'ppt/presentation.xml': '<p/>' }), limits), (error) => isProblem(error, 'file-no-text'));
  await assert.rejects(readPptx(buildArchive({ 'ppt/presentation.xml': '<p>'.repeat(1000) }), limits), (error) => isProblem(error, 'file-too-complex'));
});
