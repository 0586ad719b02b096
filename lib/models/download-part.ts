/**
 * What a download keeps on disk between attempts: `<file>.part` with the bytes so far, and beside it the validator
 * (ETag) of the version they belong to. Knows no network.
 */
import { open, rm, stat } from 'node:fs/promises';

/** Bytes of a file; 0 when it does not exist. */
export async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

const etagFile = (part: string) => `${part}.etag`;

/** The validator of what is in `part`, if the server gave a strong one. */
export async function readEtag(part: string): Promise<string | undefined> {
  const handle = await open(etagFile(part), 'r').catch(() => undefined);
  try {
    return (await handle?.readFile('utf8')) || undefined;
  } finally {
    await handle?.close();
  }
}

/** Deletes what arrived. */
export async function discardPart(part: string): Promise<void> {
  await rm(part, { force: true });
  await rm(etagFile(part), { force: true });
}

/** Remembers the validator, or forgets the old one. */
export async function saveEtag(part: string, etag: string | undefined): Promise<void> {
  await rm(etagFile(part), { force: true });
  if (etag === undefined) return;
  const file = await open(etagFile(part), 'w');
  await file.writeFile(etag).finally(() => file.close());
}
