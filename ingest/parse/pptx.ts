/**
 * Reads a presentation: slides in their order, each with its title, text, tables, diagrams' words and speaker's notes.
 */
import path from 'node:path';
import { Problem } from '#lib/errors.ts';
import type { Limits } from '#ingest/limits.ts';
import { readParts, type Parts } from './archive.ts';
import { createCollector, type Collector, type Reader } from './collector.ts';
import { readSlide, type Shape } from './slide.ts';
import { readOfficeTitle, readXml } from './xml.ts';

const wanted = /^(?:docProps\/core\.xml|ppt\/presentation\.xml|ppt\/(?:slides|notesSlides|diagrams)\/[^/]*\.xml|ppt\/(?:slides\/)?_rels\/[^/]*\.rels)$/;

export const readPptx: Reader = async (bytes, limits) => {
  const parts = await readParts(bytes, { format: 'pptx', wanted }, limits);
  const collector = createCollector(limits);
  const slides = listSlides(parts, limits);
  if (slides.length > limits.pagesMax) throw new Problem('file-too-complex', { detail: `The presentation has more than ${limits.pagesMax} slides.` });
  let firstTitle: string | undefined;
  slides.forEach((slide, index) => {
    const page = index + 1;
    try {
      const title = addSlide(parts, { slide, page }, { collector, limits });
      if (index === 0) firstTitle = title;
    } catch (error) {
      if (error instanceof Problem && error.code === 'file-too-complex') throw error;
      collector.warn(`Slide ${page} is damaged and was left out.`, page);
    }
  });
  return collector.finish({ title: readOfficeTitle(parts.get('docProps/core.xml'), limits) ?? firstTitle, pageCount: slides.length });
};

/** Part names of the slides in the order in which they are shown. */
function listSlides(parts: Parts, limits: Limits): string[] {
  const presentation = parts.get('ppt/presentation.xml');
  if (!presentation) throw new Problem('file-damaged');
  const targets = readRelations(parts, 'ppt/presentation.xml', limits);
  const slides: string[] = [];
  readXml(presentation, {
    open(name, attributes) {
      const target = name === 'sldId' ? targets.find((relation) => relation.id === attributes['r:id']) : undefined;
      if (target) slides.push(target.part);
    },
  }, limits);
  return slides;
}

interface Relation {
  id: string;
  type: string;
  part: string;
}

/** What a part refers to inside the archive. Targets outside it are never followed. */
function readRelations(parts: Parts, part: string, limits: Limits): Relation[] {
  const relations: Relation[] = [];
  const file = parts.get(`${path.posix.dirname(part)}/_rels/${path.posix.basename(part)}.rels`);
  if (!file) return relations;
  readXml(file, {
    open(name, { Id: id, Type: type, Target: target, TargetMode: mode }) {
      if (name !== 'Relationship' || mode === 'External' || !id || !type || !target) return;
      relations.push({ id, type, part: path.posix.normalize(target.startsWith('/') ? target.slice(1) : `${path.posix.dirname(part)}/${target}`) });
    },
  }, limits);
  return relations;
}

interface SlidePlace {
  slide: string;
  page: number;
}

/** Adds one slide and returns its title. */
function addSlide(parts: Parts, { slide, page }: SlidePlace, { collector, limits }: { collector: Collector; limits: Limits }): string | undefined {
  const file = parts.get(slide);
  if (!file) throw new Problem('file-damaged');
  const shapes = readSlide(file, limits);
  const title = shapes.find((shape) => shape.role === 'title')?.paragraphs.map((paragraph) => paragraph.text).join(' ').trim();
  const place = title ? { page, pageLabel: title.replace(/\s+/g, ' ') } : { page };
  if (title) collector.add({ kind: 'heading', level: 2, text: title, ...place });
  for (const shape of shapes) if (shape.role !== 'title') addShape(shape, place, collector);
  for (const shape of readRelated(parts, slide, limits)) addShape(shape, place, collector);
  return title;
}

/** The words of a slide's diagrams, then the speaker's notes. */
function readRelated(parts: Parts, slide: string, limits: Limits): Shape[] {
  return readRelations(parts, slide, limits).flatMap(({ type, part }): Shape[] => {
    const related = parts.get(part);
    if (related && type.endsWith('/diagramData')) return readSlide(related, limits).map((shape) => ({ ...shape, isList: true }));
    if (!related || !type.endsWith('/notesSlide')) return [];
    return readSlide(related, limits).filter((shape) => shape.role === 'body').map((shape) => ({ ...shape, isList: false }));
  });
}

function addShape(shape: Shape, place: { page: number; pageLabel?: string }, collector: Collector): void {
  if (shape.rows.length > 0) collector.addTable(shape.rows, place);
  for (const paragraph of shape.paragraphs) {
    const text = paragraph.text.trim();
    const isItem = shape.isList || paragraph.isItem;
    if (text !== '') collector.add({ kind: isItem ? 'list-item' : 'paragraph', text, ...place });
  }
}
