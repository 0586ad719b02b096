/**
 * Makes the zip-based formats the same on every run: their libraries stamp the present time into entries and properties.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

/** The same archive with every time replaced by 08:00 of `day` (ISO). */
export function fixTimes(archive: Uint8Array, day: string): Uint8Array {
  const [year = 2026, month = 1, date = 1] = day.split('-').map(Number);
  // Zip entries hold local time without a zone, so a local Date gives the same bytes everywhere.
  const stamp = new Date(year, month - 1, date, 8);
  const entries = Object.entries(unzipSync(archive)).filter(([name]) => !name.endsWith('/'));
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, fixProperties(name, bytes, day)])), { mtime: stamp, level: 9 });
}

function fixProperties(name: string, bytes: Uint8Array, day: string): Uint8Array {
  if (name !== 'docProps/core.xml') return bytes;
  return strToU8(strFromU8(bytes).replace(/(<dcterms:(?:created|modified)[^>]*>)[^<]*/g, `$1${day}T08:00:00Z`));
}
