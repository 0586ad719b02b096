/** What becomes of the name a file was uploaded under: a name that is safe to show and to send back, and a title. Pure. */

const nameLengthMax = 200;
const titleLengthMax = 300;
// Control characters, separators of folders, and the marks that make text run the other way and so hide an extension.
const unsafe = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** The last part of the name without anything invisible; `file` when nothing is left. A long name keeps its extension. */
export function cleanFileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const clean = last.toWellFormed().normalize('NFC').replace(unsafe, '').replace(/\s+/g, ' ').trim();
  if (/^\.*$/.test(clean)) return 'file';
  if (clean.length <= nameLengthMax) return clean;
  const { stem, extension } = divide(clean);
  const kept = extension.slice(0, 20);
  return `${stem.slice(0, nameLengthMax - kept.length).toWellFormed()}${kept}`;
}

/** "travel-and-expenses_policy.pdf" -> "Travel and expenses policy"; names written for people stay as they are. */
export function titleOf(fileName: string): string {
  const { stem } = divide(cleanFileName(fileName));
  const spaced = stem.includes(' ') ? stem : stem.replace(/_+/g, ' ').replace(/(?<=\p{Ll})-+(?=\p{Ll})/gu, ' ');
  return cleanTitle(spaced.charAt(0).toUpperCase() + spaced.slice(1)) || fileName;
}

/** A title somebody typed, on one line. Empty when nothing visible is left. */
export function cleanTitle(title: string): string {
  return title.toWellFormed().normalize('NFC').replace(unsafe, ' ').replace(/\s+/g, ' ').trim().slice(0, titleLengthMax).toWellFormed();
}

function divide(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot) };
}
