/** Fills in the demo company, once: an entry of its own because it needs the product's variables, not the supervisor's. */
import { closeDatabase } from '#lib/db/pool.ts';
import { seedDemo } from '#prisma/seed.ts';

try {
  await seedDemo();
} finally {
  await closeDatabase();
}
