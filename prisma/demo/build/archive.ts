/**
 * Makes the zip-based formats the same on every run: their libraries stamp the present time into entries and properties.
 * Also drops parts that are announced but missing.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

/** The same archive with every time replaced by 08:00 of `day` (ISO). */
export function fixTimes(archive: Uint8Array, day: string): Uint8Array {
  const [year = 2026, month = 1, date = 1] = day.split('-').map(Number);
  // Zip entries hold local time without a zone, so a local Date gives the same bytes everywhere.
  const stamp = new Date(year, month - 1, date, 8);
  const entries = Object.entries(unzipSync(archive)).filter(([name]) => !name.endsWith('/'));
  const names = new Set(entries.map(([name]) => name));
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, fixEntry(name, bytes, { day, names })])), { mtime: stamp, level: 9 });
}

function fixEntry(name: string, bytes: Uint8Array, { day, names }: { day: string; names: ReadonlySet<string> }): Uint8Array {
  if (name === 'docProps/core.xml') return strToU8(strFromU8(bytes).replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${day}T08:00:00Z`));
  if (name !== '[Content_Types].xml') return bytes;
  // pptxgenjs announces a slide master for every slide but writes one; PowerPoint offers to repair such a file.
  return strToU8(strFromU8(bytes).replace(/<Override PartName="\/([^"]+)"[^>]*\/>/g, (entry, part: string) => (names.has(part) ? entry : '')));
}
