/**
 * What a collection and its documents are confined to: the sensitive groups that they were granted to. Whoever is outside
 * gets at it only with the consent of two admins, and releasing it takes two as well.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import { propose } from '../access/propose.ts';
import type { Proposed } from '../access/types.ts';
import type { MemberActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { Confinement } from './types.ts';

const rowSchema = z.object({
  id: z.number(),
  group: z.object({ id: z.string(), name: z.string() }).nullable(),
  document: z.object({ id: z.string(), title: z.string() }).nullable(),
  since: z.date().transform((at) => at.toISOString()),
}) satisfies z.ZodType<Confinement>;

/** Confinements of a collection and of single documents in it, for admins and compliance; nobody else is told. */
export async function listConfinements(actor: MemberActor, collectionId: string): Promise<Confinement[]> {
  return transaction(actor, async (tx) => {
    const { rows } = await sql`
      select f.id::int as id, f.created_at as since,
        case when g.id is not null then json_build_object('id', g.id, 'name', g.name) end as "group",
        case when d.id is not null then json_build_object('id', d.id, 'title', d.title) end as document
      from confinements f
      left join groups g on g.id = f.group_id
      left join documents d on d.id = f.document_id
      where f.collection_id = ${collectionId} and (f.document_id is null or d.deleted_at is null)
      order by d.id is not null, lower(g.name), f.id`.execute(tx);
    return z.array(rowSchema).parse(rows);
  });
}

/** Proposes to release a collection or document from a sensitive group. Throws Problem: not-found, already-exists. */
export async function releaseConfinement(actor: MemberActor, id: number): Promise<Proposed> {
  return transaction(actor, async (tx) => {
    const found = await tx.selectFrom('confinements').select(['collection_id', 'document_id']).where('id', '=', id).executeTakeFirst();
    if (found === undefined) throw new Problem('not-found');
    return propose(tx, actor, { kind: 'release', confinementId: id, collectionId: found.collection_id, documentId: found.document_id });
  });
}
