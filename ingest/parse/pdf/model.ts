/**
 * The words used while a PDF page is turned into blocks. A page is a set of pieces (strings drawn somewhere);
 * pieces on one baseline without a wide gap form a cell; cells on one baseline in one column form a line.
 * All measures are points from the page's top left corner.
 */

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Piece extends Rectangle {
  text: string;
  baseline: number;
  /** Font size. */
  size: number;
  bold: boolean;
  /** Drawn sideways or upside down. */
  turned: boolean;
  rightToLeft: boolean;
  /** Position in the page's own drawing order. */
  order: number;
  /** White space was drawn after it. */
  spaceAfter: boolean;
}

/** Text without a wide gap in it. */
export interface Cell extends Rectangle {
  text: string;
  baseline: number;
  size: number;
  /** More than nine tenths of its characters are bold. */
  bold: boolean;
  /** Position of its first piece in the page's own drawing order. */
  order: number;
}

export interface PageLine extends Rectangle {
  page: number;
  cells: Cell[];
  /** The cells' texts joined by spaces. */
  text: string;
  baseline: number;
  size: number;
  bold: boolean;
  /** Lines of one group stand under each other in one column; reading goes group by group. */
  group: number;
}

export interface Page {
  number: number;
  width: number;
  height: number;
  lines: PageLine[];
}

/** The smallest rectangle around all of them. */
export function enclose(rectangles: readonly Rectangle[]): Rectangle {
  const x = Math.min(...rectangles.map((rectangle) => rectangle.x));
  const y = Math.min(...rectangles.map((rectangle) => rectangle.y));
  const right = Math.max(...rectangles.map((rectangle) => rectangle.x + rectangle.width));
  const bottom = Math.max(...rectangles.map((rectangle) => rectangle.y + rectangle.height));
  return { x, y, width: right - x, height: bottom - y };
}
