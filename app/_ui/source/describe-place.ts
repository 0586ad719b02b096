/** Where a passage stands, in words: "page 3", "sheet Rates", "Carers, Splitting leave". Pure. */
import type { Evidence } from '#lib/answer/events.ts';
import type { Format, Place } from '#lib/documents/types.ts';

const pageNouns: Partial<Record<Format, string>> = { pdf: 'page', pptx: 'slide', xlsx: 'sheet' };
const headingsShown = 2;

/** Empty when nothing is known of the place. `title`: of the document, which is often its first heading too and not said twice. */
export function describePlace(format: Format, place: Place, title?: string): string {
  const noun = pageNouns[format] ?? 'page';
  if (place.pageLabel !== undefined) return `${noun} ${place.pageLabel}`;
  if (place.page !== undefined) return `${noun} ${place.page}`;
  return place.headings.filter((heading) => heading !== title).slice(-headingsShown).join(', ');
}

/** "Leave policy, version 7, page 3" */
export function describePassage(one: Pick<Evidence, 'title' | 'versionNumber' | 'format' | 'place'>): string {
  return [one.title, `version ${one.versionNumber}`, describePlace(one.format, one.place, one.title)].filter(Boolean).join(', ');
}
