/** How far delivery has come and which worker delivers, in the table siem_positions. Short transactions, as attest_siem. */
import { sql } from 'kysely';
import { siemActor } from '../../actor.ts';
import { transaction, type Tx } from '../../db/transaction.ts';
import { toSiemRecord, type SiemRecord } from './record.ts';

/** A worker that did not say for so long that it delivers loses its turn. Longer than a round's longest silence (sink.ts). */
const leaseSeconds = 60;

export interface Turn {
  target: string;
  /** Which worker this is. */
  holder: string;
}

/** The number of the first record that is not delivered and how many wait, when it is this worker's turn; null while it is another's. */
export async function takeTurn({ target, holder }: Turn): Promise<{ next: number; waiting: number } | null> {
  return transaction(siemActor, async (tx) => {
    await tx.insertInto('siem_positions').values({ target }).onConflict((conflict) => conflict.doNothing()).execute();
    const { rows } = await sql<{ next: number; waiting: number }>`
      update siem_positions
      set holder = ${holder}, held_until = now() + make_interval(secs => ${leaseSeconds}), looked_at = now()
      where target = ${target} and (holder = ${holder} or holder is null or held_until < now())
      returning next_seq as next, greatest(coalesce((select max(seq) + 1 from audit_records), 0) - next_seq, 0) as waiting`.execute(tx);
    return rows[0] ?? null;
  });
}

/** Up to `limit` records from that number on, in order. Throws when it is no longer this worker's turn. */
export async function readBatch(turn: Turn, from: number, limit: number): Promise<SiemRecord[]> {
  return transaction(siemActor, async (tx) => {
    await keepTurn(tx, turn);
    const { rows } = await sql<{ seq: number; at: string; event: string; body: Buffer; leaf_hash: Buffer }>`
      select seq, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, event, body, leaf_hash
      from audit_records where seq >= ${from} order by seq limit ${limit}`.execute(tx);
    return rows.map(toSiemRecord);
  });
}

async function keepTurn(tx: Tx, { target, holder }: Turn): Promise<void> {
  const { rows } = await sql`
    update siem_positions set held_until = now() + make_interval(secs => ${leaseSeconds})
    where target = ${target} and holder = ${holder} returning target`.execute(tx);
  if (rows.length === 0) throw new TurnLost();
}

/** Another worker delivers now; what this one sent comes a second time. */
export class TurnLost extends Error {
  constructor() {
    super('Another worker delivers to the SIEM now.');
  }
}

/** Keeps how far it has come, and why it came no further. Throws TurnLost. Returns how many records wait. */
export async function keepPosition({ target, holder }: Turn, next: number, problem: string | null): Promise<number> {
  return transaction(siemActor, async (tx) => {
    const { rows } = await sql<{ waiting: number }>`
      update siem_positions
      set next_seq = ${next},
          log_size = coalesce((select max(seq) + 1 from audit_records), 0),
          waiting_since = (select at from audit_records where seq >= ${next} order by seq limit 1),
          problem = ${problem}::text,
          failing_since = case when ${problem}::text is null then null else coalesce(failing_since, now()) end,
          looked_at = now()
      where target = ${target} and holder = ${holder}
      returning greatest(log_size - next_seq, 0) as waiting`.execute(tx);
    const kept = rows[0];
    if (kept === undefined) throw new TurnLost();
    return kept.waiting;
  });
}

/** Gives the turn back, so that another worker need not wait for it. */
export async function leaveTurn({ target, holder }: Turn): Promise<void> {
  await transaction(siemActor, (tx) => tx.updateTable('siem_positions').set({ holder: null, held_until: null }).where('target', '=', target).where('holder', '=', holder).execute());
}
