/** Example questions for an empty page: each belongs to collections, and is shown to those who may read one of them. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';

const examplesMax = 12;
const exampleSchema = z.object({ question: z.string().min(1), collectionNames: z.array(z.string()) });
export type Example = z.infer<typeof exampleSchema>;

/** Keeps the examples of this installation; those before are replaced. `tx` must be an admin's. */
export async function saveExamples(tx: Tx, examples: readonly Example[]): Promise<void> {
  const value = JSON.stringify(z.array(exampleSchema).parse(examples));
  await tx.insertInto('settings').values({ name: 'examples', value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, changed_at: sql`now()`, revision: sql`settings.revision + 1` })).execute();
}

/** The questions that the actor's documents can answer: each stands for collections that hold one they may read. */
export async function listExamples(actor: Actor): Promise<{ question: string }[]> {
  return transaction(actor, async (tx) => {
    const setting = await tx.selectFrom('settings').select('value').where('name', '=', 'examples').executeTakeFirst();
    const examples = z.array(exampleSchema).catch([]).parse(setting?.value);
    if (examples.length === 0) return [];
    const { rows } = await sql<{ name: string }>`
      select distinct c.name from collections c join documents d on d.collection_id = c.id where d.id in (select readable_documents())`.execute(tx);
    const readable = new Set(rows.map((row) => row.name));
    return examples.filter((example) => example.collectionNames.every((name) => readable.has(name))).slice(0, examplesMax).map(({ question }) => ({ question }));
  });
}
