/** How the log is signed, for compliance; in one sentence for the line at the foot of every page. */
import { sql } from 'kysely';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import type { LogState } from './types.ts';

/** The signer writes every minute that it is there. */
const silentSeconds = 300;
const silentSentence = 'Nothing has compared or signed the log for some minutes. The ingest process may not be running.';

/** For compliance; row-level security shows nobody else a checkpoint. */
export async function readLogState(actor: Actor): Promise<LogState> {
  return transaction(actor, async (tx) => {
    const signing = await selectSigning(tx);
    const last = await tx.selectFrom('audit_checkpoints').select(['size', 'root', 'signed_at']).orderBy('size', 'desc').limit(1).executeTakeFirst();
    const newest = await tx.selectFrom('audit_records').select((e) => e.fn.max('seq').as('seq')).executeTakeFirst();
    const keys = await tx.selectFrom('audit_keys').select('verifier').orderBy('number', 'desc').execute();
    const size = newest?.seq === null || newest?.seq === undefined ? 0 : newest.seq + 1;
    const isSilent = signing.checkedAt !== null && signing.isSilent;
    return {
      state: signing.sentence !== null ? 'stopped' : isSilent ? 'silent' : last === undefined ? 'waiting' : 'signed',
      sentence: signing.sentence ?? (isSilent ? silentSentence : null),
      checkedAt: signing.checkedAt?.toISOString() ?? null,
      checkpoint: last === undefined ? null : { size: last.size, root: last.root.toString('hex'), signedAt: last.signed_at.toISOString() },
      unsigned: Math.max(0, size - (last?.size ?? 0)),
      verifierKeys: keys.map(({ verifier }) => verifier),
    };
  });
}

/** What is wrong with the signing, in a sentence; null where nothing is, and for whom it does not concern. */
export async function findSigningFault(tx: Tx): Promise<string | null> {
  const signing = await selectSigning(tx);
  return signing.sentence ?? (signing.checkedAt !== null && signing.isSilent ? silentSentence : null);
}

async function selectSigning(tx: Tx) {
  const row = await tx.selectFrom('audit_signing')
    .select(['sentence', 'checked_at as checkedAt', sql<boolean>`coalesce(checked_at < clock_timestamp() - make_interval(secs => ${silentSeconds}), false)`.as('isSilent')])
    .executeTakeFirst();
  return row ?? { sentence: null, checkedAt: null, isSilent: false };
}
