/** Reads places and formats back from the database: they are stored as JSON and text. */
import { z } from 'zod';
import { mediaTypes, type Format, type Place } from './types.ts';

const point = z.object({ block: z.number(), offset: z.number() });
const box = z.object({ page: z.number(), x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** lib/documents/types.ts Place, as stored with chunks and evidence. */
export const placeSchema: z.ZodType<Place> = z.object({
  from: point,
  to: point,
  headings: z.array(z.string()),
  page: z.number().exactOptional(),
  pageLabel: z.string().exactOptional(),
  boxes: z.array(box).exactOptional(),
});

function isFormat(value: string): value is Format {
  return value in mediaTypes;
}
export const formatSchema = z.string().refine(isFormat);
