/**
 * Writes the two maps of the database from the database itself: `prisma/schema.prisma` (for people and for Prisma's
 * tools) and `lib/db/types.generated.ts` (the row types of every query). Run `npm run db:map` after adding a
 * migration; a test fails while either file differs from the migrated database.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readCatalogue } from '../lib/db/catalogue.ts';
import { prismaSchema, rowTypes } from '../lib/db/map.ts';
import { testDatabase } from '../lib/db/testing.ts';

const root = path.join(import.meta.dirname, '..');
const database = await testDatabase();
try {
  const tables = await readCatalogue(database.url);
  await writeFile(path.join(root, 'prisma/schema.prisma'), prismaSchema(tables));
  await writeFile(path.join(root, 'lib/db/types.generated.ts'), rowTypes(tables));
} finally {
  await database.stop();
}
