/** The two requests that an upload makes: is a document with this file name there, and the file itself. */
import { z } from 'zod';
import type { DocumentRow } from '#lib/documents/types.ts';
import { request } from '../../client/fetch.ts';
import { documentRow } from '../../client/schemas/documents.ts';
import { sendFile } from '../../client/send-file.ts';
import type { Upload } from './upload-state.ts';

const twinPage = z.object({ items: z.array(documentRow) });

/** A document of the collection with exactly this file name, which this file may be a new version of; null: none. */
export async function findTwin({ target, fileName }: Upload, signal: AbortSignal): Promise<{ id: string; title: string } | null> {
  if (target.kind !== 'collection') return null;
  const { items } = await request(`/api/collections/${target.id}/documents?q=${encodeURIComponent(fileName)}&limit=50`, { schema: twinPage, signal });
  const twin = items.find((document) => document.mayEdit && document.fileName.toLowerCase() === fileName.toLowerCase());
  return twin === undefined ? null : { id: twin.id, title: twin.title };
}

interface Sending {
  file: File;
  signal: AbortSignal;
  onProgress: (bytes: number) => void;
}

/** Sends the file to its collection as a document, or to its document as a version. */
export async function sendUpload({ target }: Upload, { file, signal, onProgress }: Sending): Promise<DocumentRow> {
  const place = target.kind === 'collection' ? `collections/${target.id}/documents` : `documents/${target.id}/versions`;
  return sendFile(`/api/${place}?name=${encodeURIComponent(file.name)}`, { file, signal, onProgress, schema: documentRow });
}
