/**
 * Kysely's Postgres driver with one difference: a transaction begins together with its opening statements (role and
 * identity), in one message instead of two. A transaction that is begun without any is refused, so that no statement
 * ever runs without an identity. What the opening says is transaction.ts's business.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, PostgresDialect, PostgresDriver, type DatabaseConnection, type PostgresDialectConfig } from 'kysely';

// Next bundles a module once per route, and the driver of the one pool must see what each of them opens with.
const shared: typeof globalThis & { attestTransactionOpenings?: AsyncLocalStorage<string> } = globalThis;
const openings = (shared.attestTransactionOpenings ??= new AsyncLocalStorage<string>());

/** Begins the transactions that `work` begins with `opening`: SQL without parameters, run by the same message as `begin`. */
export function openingWith<Result>(opening: string, work: () => Promise<Result>): Promise<Result> {
  return openings.run(opening, work);
}

class OpeningDriver extends PostgresDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const opening = openings.getStore();
    if (opening === undefined) throw new Error('A transaction is opened by transaction() in lib/db/transaction.ts, which gives it an identity.');
    try {
      // Several statements in one message: where one fails, those after it are not run.
      await connection.executeQuery(CompiledQuery.raw(`begin; ${opening}`));
    } catch (error) {
      // Kysely rolls back only what has begun well; the connection must not go back to the pool inside a failed transaction.
      await connection.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    }
  }
}

/** For `new Kysely({ dialect })`, in place of Kysely's PostgresDialect. */
export class OpeningDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new OpeningDriver(this.#config);
  }
}
