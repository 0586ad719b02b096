/**
 * Collections as the library shows them, each with the reason why the asker sees it. Row-level security decides which
 * there are; the words for who may read them come from the grants that have not ended.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../actor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import type { CollectionRow } from './types.ts';

const rowSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  documents: z.number(),
  unfinished: z.number(),
  failed: z.number(),
  changedAt: z.date().transform((time) => time.toISOString()),
  mayRead: z.boolean(),
  mayEdit: z.boolean(),
  mayManage: z.boolean(),
  because: z.array(z.string()),
  readers: z.array(z.string()).nullable(),
  revision: z.number(),
}) satisfies z.ZodType<CollectionRow>;

/** All collections that the actor may see, by name. */
export async function listCollections(actor: Actor): Promise<CollectionRow[]> {
  return transaction(actor, (tx) => selectCollections(tx, null));
}

/** One of them. Throws Problem 'not-found'. */
export async function readCollection(actor: Actor, collectionId: string): Promise<CollectionRow> {
  return transaction(actor, async (tx) => {
    const [found] = await selectCollections(tx, collectionId);
    if (found === undefined) throw new Problem('not-found');
    return found;
  });
}

async function selectCollections(tx: Tx, collectionId: string | null): Promise<CollectionRow[]> {
  const { rows } = await sql`
    with newest as (
      select d.collection_id, d.id, v.state, v.created_at
      from documents d
      join lateral (
        select state, created_at from versions where document_id = d.id order by number desc limit 1
      ) v on true
      where d.deleted_at is null
    ),
    contents as (
      select collection_id, count(*) as documents,
        count(*) filter (where state <> 'ready') as unfinished,
        count(*) filter (where state = 'failed') as failed,
        max(created_at) as changed_at
      from newest
      group by collection_id
    ),
    own as (
      select distinct g.collection_id, coalesce(o.name, 'you') as reason, g.member_id is not null as personal
      from grants_of_actor() g
      left join groups o on o.id = g.group_id
    ),
    readers as (
      select distinct g.collection_id, coalesce(o.name, m.name) as reader, o.everyone is true as everyone, g.member_id is not null as personal
      from grants g
      left join groups o on o.id = g.group_id
      left join members m on m.id = g.member_id
      where g.document_id is null and (g.expires_at is null or g.expires_at > now()) and m.disabled_at is null
    )
    select
      c.id, c.name, c.description, c.revision,
      coalesce(k.documents, 0)::int as documents,
      coalesce(k.unfinished, 0)::int as unfinished,
      coalesce(k.failed, 0)::int as failed,
      greatest(k.changed_at, c.created_at) as "changedAt",
      c.id in (select readable_collections()) as "mayRead",
      may_edit_collection(c.id) as "mayEdit",
      coalesce(actor_role() = 'admin', false) as "mayManage",
      array(select reason from own where collection_id = c.id order by personal, reason) as because,
      case when actor_role() in ('admin', 'compliance') then
        array(select reader from readers where collection_id = c.id order by everyone desc, personal, reader)
      end as readers
    from collections c
    left join contents k on k.collection_id = c.id
    where c.removed_at is null and (${collectionId}::uuid is null or c.id = ${collectionId}::uuid)
    order by lower(c.name), c.id`.execute(tx);
  return z.array(rowSchema).parse(rows);
}
