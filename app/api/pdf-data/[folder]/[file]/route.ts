/** Fonts, character maps and colour profiles that pdf.js asks for when a PDF leaves out its own. */
import { z } from 'zod';
import { readPdfData, pdfDataFolders } from '#lib/documents/pdf-data.ts';
import { staticFile } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

const params = z.object({ folder: z.enum(pdfDataFolders), file: z.string() });

export const GET = route({ permission: 'document:read', params }, async ({ params: { folder, file } }) => staticFile(await readPdfData(folder, file)));
