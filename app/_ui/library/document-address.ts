/** Addresses of documents: their page at a place, and their file. Pure. */
import type { DocumentInFull, Passage, VersionRow } from '#lib/documents/types.ts';

/** What the address of a document's page names; null: nothing of that kind. */
export interface OpenAt {
  /** Number of a version. */
  version: number | null;
  /** Number of a block, from 0. */
  block: number | null;
  /** Page of a PDF, from 1. */
  page: number | null;
}

/** The file of a version, to be shown, or to be saved. */
export function fileAddress(documentId: string, versionId: string, download: boolean): string {
  return `/api/documents/${documentId}/versions/${versionId}/file${download ? '?download=1' : ''}`;
}

/** The page of a document, at a version (by its number) and a block of it. */
export function documentAddress(documentId: string, at: { version?: number; block?: number } = {}): string {
  const query = new URLSearchParams(Object.entries(at).map(([name, value]) => [name, String(value)]));
  return `/library/documents/${documentId}${query.size === 0 ? '' : `?${query.toString()}`}`;
}

/** The version that is asked for; else the one that answers rest on; else the newest. */
export function chooseVersion({ versions, currentVersion }: Pick<DocumentInFull, 'versions' | 'currentVersion'>, number: number | null): VersionRow | undefined {
  const find = (wanted: number | null): VersionRow | undefined => versions.find((version) => version.number === wanted);
  return find(number) ?? find(currentVersion) ?? versions[0];
}

/** The passage that begins at a block, else the first one that covers it. */
export function passageAt(passages: readonly Passage[], block: number): Passage | undefined {
  return passages.find(({ place }) => place.from.block === block) ?? passages.find(({ place }) => place.from.block <= block && place.to.block >= block);
}
