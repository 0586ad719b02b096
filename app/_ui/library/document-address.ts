/** Addresses of documents: their page at a place, and their file. Pure. */

/** The file of a version, to be shown, or to be saved. */
export function fileAddress(documentId: string, versionId: string, download: boolean): string {
  return `/api/documents/${documentId}/versions/${versionId}/file${download ? '?download=1' : ''}`;
}

/** The page of a document, at a version (by its number) and a block of it. */
export function documentAddress(documentId: string, at: { version?: number; block?: number } = {}): string {
  const query = new URLSearchParams(Object.entries(at).map(([name, value]) => [name, String(value)]));
  return `/library/documents/${documentId}${query.size === 0 ? '' : `?${query.toString()}`}`;
}
