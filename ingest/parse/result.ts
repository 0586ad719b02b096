/**
 * What a parsing child answers, as it crosses the pipe. The child has worked on hostile bytes, so the parent believes
 * nothing about the shape of its answer.
 */
import { z } from 'zod';
import { problems, type ProblemCode } from '#lib/errors.ts';
import { mediaTypes, type Format } from '#lib/documents/types.ts';

const count = z.number().int().nonnegative();
const measure = z.number().finite();
const line = z.object({ page: count, x: measure, y: measure, width: measure.nonnegative(), height: measure.nonnegative(), start: count, end: count });

const block = z
  .object({
    kind: z.enum(['heading', 'paragraph', 'list-item', 'table', 'code', 'quote']),
    text: z.string().min(1),
    level: z.number().int().min(1).max(6).exactOptional(),
    page: z.number().int().positive().exactOptional(),
    pageLabel: z.string().exactOptional(),
    lines: z.array(line).exactOptional(),
  })
  .refine(({ text, lines = [] }) => lines.every(({ start, end }) => start <= end && end <= text.length), 'a line lies outside its text');

const parsedDocument = z.object({
  title: z.string().exactOptional(),
  pageCount: count.exactOptional(),
  blocks: z.array(block).min(1),
  warnings: z.array(z.object({ message: z.string(), page: z.number().int().positive().exactOptional() })),
});

const problemCode = z.string().refine((code): code is ProblemCode => code in problems && code.startsWith('file-'));

/** The child's whole answer: a document, or the reason why there is none. */
export const parseResult = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('parsed'), document: parsedDocument }),
  z.object({ outcome: z.literal('refused'), code: problemCode, detail: z.string().max(1000) }),
]);
export type ParseResult = z.infer<typeof parseResult>;

export function isFormat(name: string | undefined): name is Format {
  return name !== undefined && name in mediaTypes;
}
