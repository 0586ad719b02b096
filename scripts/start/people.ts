/** The three people one can be in the demo, for the panel at the end of a start. */
import { signInActor } from '#lib/actor.ts';
import { openDatabase } from '#lib/db/pool.ts';
import { transaction } from '#lib/db/transaction.ts';

export type Person = { readonly role: string; readonly name: string; readonly email: string };

/** One member of each role, as the seed made them. */
export async function demoPeople(url: string): Promise<Person[]> {
  const db = openDatabase(url, 1);
  try {
    const rows = await transaction(
      signInActor,
      (tx) => tx.selectFrom('members').select(['role', 'name', 'email']).distinctOn('role').orderBy('role').orderBy('created_at').execute(),
      db,
    );
    return rows;
  } finally {
    await db.destroy();
  }
}
