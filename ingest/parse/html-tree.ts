/**
 * What the HTML reader needs to know about elements: which are never text, which stand on their own, which are hidden.
 */
import type { DefaultTreeAdapterTypes } from 'parse5';

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;

/** Content that a browser does not show as text, or that belongs to another document. */
const dropped = new Set([
  'script', 'style', 'noscript', 'template', 'head', 'title', 'svg', 'canvas', 'iframe', 'frame', 'frameset', 'noframes', 'object', 'embed',
  'audio', 'video', 'map', 'select', 'textarea', 'input', 'datalist', 'img', 'picture', 'dialog', 'annotation', 'annotation-xml', 'rp',
]);

const blockLevel = new Set([
  'address', 'article', 'aside', 'blockquote', 'body', 'button', 'caption', 'center', 'dd', 'details', 'dir', 'div', 'dl', 'dt', 'fieldset',
  'figcaption', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hgroup', 'hr', 'html', 'legend', 'li', 'main', 'menu',
  'nav', 'ol', 'option', 'p', 'pre', 'search', 'section', 'summary', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'ul',
]);

export function isElement(node: HtmlNode): node is HtmlElement {
  return 'tagName' in node;
}

export function isTextNode(node: HtmlNode): node is DefaultTreeAdapterTypes.TextNode {
  return node.nodeName === '#text';
}

export function isBlockLevel(element: HtmlElement): boolean {
  return blockLevel.has(element.tagName);
}

export function attribute(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

/** True for what a person would not see: dropped elements and text hidden by attribute or inline style. */
export function isHidden(element: HtmlElement): boolean {
  if (dropped.has(element.tagName)) return true;
  if (attribute(element, 'hidden') !== undefined) return true;
  const style = attribute(element, 'style');
  return style !== undefined && hidesText(style);
}

function hidesText(style: string): boolean {
  const declarations = style.toLowerCase().replace(/\s+/g, '').split(';');
  return declarations.some((declaration) =>
    /^(display:none|visibility:(hidden|collapse)|opacity:0*(\.0+)?%?|font-size:0*(\.0+)?(px|pt|em|rem|%)?|mso-hide:all)(!important)?$/.test(declaration),
  );
}

/** The first element with that name, without descending into hidden ones; breadth first, so nesting costs no stack. */
export function findElement(roots: readonly HtmlNode[], tagName: string): HtmlElement | undefined {
  let level = roots.filter(isElement);
  for (let depth = 0; level.length > 0 && depth < 8; depth += 1) {
    const found = level.find((element) => element.tagName === tagName);
    if (found) return found;
    level = level.flatMap((element) => element.childNodes.filter(isElement));
  }
  return undefined;
}
