/**
 * Stands guard over an answer while it is written: once a second it asks the database whether the member is still let
 * in, whether what they signed in with still counts, and whether every document behind the answer is still theirs to
 * read. Every web process asks for its own answers, so nothing has to be told from one to another.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { Problem, type ProblemCode } from '../errors.ts';

/** Together with the question itself this keeps a right that has ended from being served for two seconds. */
const everyMs = 1000;
/** While the database is away nobody can change a right in it; after this long somebody may have, elsewhere. */
const unverifiedMsMax = 15_000;

/** Why an answer is ended although nobody stopped it; stands in its record. */
export type Loss = 'member-disabled' | 'signed-out' | 'document-not-readable' | 'not-verifiable';

/** Asks whether what the request came with - session or API key - would still be let in. */
export type StillSignedIn = () => Promise<boolean>;

export interface Guard {
  /** Aborts when the answer must end. */
  readonly signal: AbortSignal;
  /** Why it must; null while it need not. */
  readonly loss: () => Loss | null;
  /** These documents stand behind what is being shown. */
  relyOn: (documentIds: readonly string[]) => void;
  /** Ends the watch; no further question is asked. */
  end: () => void;
}

/** Begins to watch. `onLoss` is called once, at most, and at once when something is lost. */
export function standGuard(actor: MemberActor, stillSignedIn: StillSignedIn, onLoss: (loss: Loss) => void): Guard {
  const lost = new AbortController();
  const ended = new AbortController();
  const documents = new Set<string>();
  let loss: Loss | null = null;
  const watch = async (): Promise<void> => {
    for (let verified = performance.now(); loss === null;) {
      await sleep(everyMs, undefined, { signal: ended.signal, ref: false });
      const found = await look(actor, [...documents], stillSignedIn);
      if (ended.signal.aborted) return;
      if (found !== 'unknown') verified = performance.now();
      if (found === 'unknown' && performance.now() - verified < unverifiedMsMax) continue;
      loss = found === 'unknown' ? 'not-verifiable' : found;
    }
    lost.abort();
    onLoss(loss);
  };
  // Nothing but the end of the watch makes it reject.
  void watch().catch(() => undefined);
  return {
    signal: lost.signal,
    loss: () => loss,
    relyOn: (documentIds) => documentIds.forEach((id) => documents.add(id)),
    end: () => ended.abort(),
  };
}

/** What the reader is told when an answer ends for that reason. */
export function describeLoss(loss: Loss): Problem {
  const [code, options] = told[loss];
  return new Problem(code, options);
}

const told = {
  'member-disabled': ['sign-in-required', { detail: 'Your access to Attest has ended, so this answer was stopped.' }],
  'signed-out': ['sign-in-required', { detail: 'You are not signed in here any more, so this answer was stopped. Sign in to ask again.' }],
  'document-not-readable': ['not-found', { detail: 'Your right to a document behind this answer ended while it was being written, so it was stopped. Ask again to be answered from what you may read now.' }],
  'not-verifiable': ['database-unavailable', { detail: 'The database went away while this was being answered, so your rights could not be checked and it was stopped. Your question was kept; ask it again shortly.' }],
} as const satisfies Record<Loss, readonly [ProblemCode, { detail: string }]>;

const lookSchema = z.tuple([z.object({ enabled: z.boolean(), readable: z.boolean() })]);

async function look(actor: MemberActor, documentIds: readonly string[], stillSignedIn: StillSignedIn): Promise<Loss | 'unknown' | null> {
  try {
    const { rows } = await transaction(actor, (tx) =>
      sql<unknown>`
        select actor_role() is not null as enabled, not exists (
          select from unnest(${documentIds}::uuid[]) as given (id)
          where id not in (select document_id from reasons_of_actor(${documentIds}::uuid[]))
        ) as readable`.execute(tx),
    );
    const [{ enabled, readable }] = lookSchema.parse(rows);
    if (!enabled) return 'member-disabled';
    if (!(await stillSignedIn())) return 'signed-out';
    return readable ? null : 'document-not-readable';
  } catch {
    return 'unknown';
  }
}
