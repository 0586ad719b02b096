/** Why the actor may read documents at this moment, for records of what they were shown. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Tx } from '../db/transaction.ts';

const rightSchema = z.object({
  documentId: z.string(),
  grantId: z.string(),
  permission: z.string(),
  on: z.enum(['collection', 'document']),
  to: z.string(),
});
export type Right = Omit<z.infer<typeof rightSchema>, 'documentId'>;

/** The grants by which the actor may read each document now; a document that is missing may not be read. */
export async function readRights(tx: Tx, documentIds: readonly string[]): Promise<Map<string, Right[]>> {
  const rights = new Map<string, Right[]>();
  if (documentIds.length === 0) return rights;
  const { rows } = await sql<unknown>`
    select r.document_id as "documentId", g.id as "grantId", g.permission,
      case when g.document_id is null then 'collection' else 'document' end as "on",
      case when g.member_id is not null then 'the member' else coalesce(o.name, 'a group') end as "to"
    from reasons_of_actor(${[...documentIds]}::uuid[]) r
    join grants g on g.id = r.grant_id
    left join groups o on o.id = g.group_id
    order by r.document_id, g.id`.execute(tx);
  for (const { documentId, ...right } of z.array(rightSchema).parse(rows)) rights.set(documentId, [...(rights.get(documentId) ?? []), right]);
  return rights;
}
