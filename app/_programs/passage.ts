/**
 * A passage as programs get it: where it stands, and its text exactly as it was given. The names are in the form of
 * OpenAI's interface. Whether it may be read was decided by the database long before.
 */
import { z } from 'zod';
import type { Evidence } from '#lib/answer/events.ts';
import { env } from '#lib/env.ts';

export const programPassage = z.object({
  title: z.string(),
  collection: z.string(),
  document_id: z.string(),
  version_id: z.string(),
  /** Number of the version, from 1. */
  version: z.number(),
  /** Page, slide or sheet, from 1; null for formats without. */
  page: z.number().nullable(),
  /** What the page is called where it has a name: a sheet's or slide's title. */
  page_label: z.string().nullable(),
  /** The headings above the passage, outermost first. */
  headings: z.array(z.string()),
  /** Exactly what the model was given, or what was quoted. */
  text: z.string(),
  /** Lower-case hex of the text's UTF-8 bytes; the audit log holds the same. */
  text_sha256: z.string(),
  /** Where a person can read it, when they may. */
  link: z.string(),
});
export type ProgramPassage = z.infer<typeof programPassage>;

/** The same with the number by which the answer cites it. */
export const programCitation = programPassage.extend({ number: z.number() });
export type ProgramCitation = z.infer<typeof programCitation>;

type Source = Pick<Evidence, 'title' | 'collectionName' | 'documentId' | 'versionId' | 'versionNumber' | 'place' | 'text' | 'textSha256'>;

export function toPassage({ place, ...source }: Source): ProgramPassage {
  return {
    title: source.title,
    collection: source.collectionName,
    document_id: source.documentId,
    version_id: source.versionId,
    version: source.versionNumber,
    page: place.page ?? null,
    page_label: place.pageLabel ?? null,
    headings: place.headings,
    text: source.text,
    text_sha256: source.textSha256,
    link: `${env().ATTEST_URL}/library/documents/${source.documentId}?version=${source.versionNumber}&block=${place.from.block}`,
  };
}

export function toCitation(evidence: Source & { number: number }): ProgramCitation {
  return { number: evidence.number, ...toPassage(evidence) };
}
