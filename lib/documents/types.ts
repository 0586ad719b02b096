/**
 * A document as people and the answer chain see it. A parsed version is a list of blocks in reading order;
 * a chunk is a span over those blocks, so that a passage can always be shown again at its place in the source.
 */

export const mediaTypes = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  markdown: 'text/markdown',
  html: 'text/html',
  text: 'text/plain',
  csv: 'text/csv',
} as const;
/** Short name of a format; stored in the database and shown as an icon. */
export type Format = keyof typeof mediaTypes;

/** A rectangle on a page, in points (1/72 inch), origin at the page's top left corner. `page` counts from 1. */
export interface Box {
  page: number;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** One line of a block on a PDF page: the characters [start, end) of the block's text stand in this box. */
export interface Line extends Box {
  start: number;
  end: number;
}

/** One structural piece of a parsed version, in reading order. */
export interface Block {
  kind: 'heading' | 'paragraph' | 'list-item' | 'table' | 'code' | 'quote';
  /** Plain text exactly as a model would be given it. A table has one row a line, cells joined by " | ", its header row first; a list item has its number but no bullet. */
  text: string;
  /** Headings only: 1 (title) to 6. */
  level?: number;
  /** PDF page, PPTX slide or XLSX sheet, counting from 1. Absent for formats without pages. */
  page?: number;
  /** What the page is called where it has a name: a sheet's or slide's title. */
  pageLabel?: string;
  /** PDF only: where each line of the text stands. */
  lines?: Line[];
}

/** A point in a parsed version: character `offset` of the text of block number `block` (both from 0). */
export interface Point {
  block: number;
  offset: number;
}

/** Where a chunk stands in its version: the span [from, to), the headings above it, its pages and, in a PDF, the boxes over its words. */
export interface Place {
  from: Point;
  to: Point;
  headings: string[];
  /** First page of the span; absent for formats without pages. */
  page?: number;
  pageLabel?: string;
  boxes?: Box[];
}

/** Where a version stands in ingestion. `ready` versions alone are searched. */
export const versionStates = ['waiting', 'parsing', 'embedding', 'ready', 'failed'] as const;
export type VersionState = (typeof versionStates)[number];

/** Something that went wrong with part of a file although the rest could be read. */
export interface ParseWarning {
  message: string;
  page?: number;
}

export interface ParsedDocument {
  title?: string;
  pageCount?: number;
  blocks: Block[];
  warnings: ParseWarning[];
}

/** A row of a collection's table of documents. */
export interface DocumentRow {
  id: string;
  collectionId: string;
  title: string;
  format: Format;
  fileName: string;
  bytes: number;
  pageCount: number | null;
  /** The newest version, whether it is ready or not. */
  version: VersionRow;
  /** Number of the version that answers rest on; null: none yet. */
  currentVersion: number | null;
  createdAt: string;
  changedAt: string;
  createdByName: string | null;
  /** Only grants on the document itself count, not those on its collection. */
  restricted: boolean;
  mayRead: boolean;
  mayEdit: boolean;
}

/** A document found across collections, with where it is kept. */
export interface FoundDocument extends DocumentRow {
  collectionName: string;
}

export interface VersionRow {
  id: string;
  number: number;
  state: VersionState;
  /** Problem code and sentence when the state is 'failed'. */
  problem: { code: string; detail: string } | null;
  warnings: ParseWarning[];
  chunkCount: number;
  chunksEmbedded: number;
  bytes: number;
  sha256: string;
  fileName: string;
  format: Format;
  pageCount: number | null;
  createdAt: string;
  createdByName: string | null;
  validFrom: string | null;
  validTo: string | null;
}

export interface DocumentInFull extends DocumentRow {
  collectionName: string;
  versions: VersionRow[];
}

/** A passage of a version, for the Passages tab. */
export interface Passage {
  ordinal: number;
  text: string;
  place: Place;
}

/** A stretch of a version's blocks for showing it. `total` counts all blocks. */
export interface BlockPage {
  blocks: (Block & { ordinal: number })[];
  total: number;
  pageCount: number | null;
}

/** A version on its way into the index, or one that failed, with where it belongs. */
export interface IngestionRow {
  documentId: string;
  documentTitle: string;
  collectionId: string;
  collectionName: string;
  version: VersionRow;
}

/** The state of ingestion for admins: documents counted by the state of their newest version. */
export interface IngestionOverview {
  counts: Record<VersionState, number>;
  /** Under way, longest waiting first. */
  items: IngestionRow[];
  /** Newest first. */
  failed: IngestionRow[];
}
