/** The log, or a range of it, as a file that verifies without us. */
import { exportLog, exportQuery } from '#lib/audit/export.ts';
import { downloadLines } from '#lib/http/download.ts';
import { route } from '#lib/http/route.ts';

export const GET = route({ permission: 'audit:read', query: exportQuery }, async ({ actor, query }) => {
  const { fileName, lines } = await exportLog(actor, query);
  return downloadLines(fileName, 'application/jsonl', lines);
});
