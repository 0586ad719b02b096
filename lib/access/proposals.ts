/** Proposals for a second admin, each with who would gain what if it were approved now. Admins and compliance see them. */
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { readCursor, writeCursor } from '../db/cursor.ts';
import { transaction, type Tx } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { proposalKinds, type Gains, type Proposal } from './types.ts';

/** Names said in full; the rest is a number. */
const namesMax = 8;

export const proposalQuery = z.object({
  state: z.enum(['open', 'closed']).default('open'),
  cursor: z.string().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export type ProposalQuery = z.infer<typeof proposalQuery>;

const permission = z.enum(['read', 'edit']);
const named = z.object({ id: z.string(), name: z.string() });
const time = z.date().transform((at) => at.toISOString());
const rowSchema = z.object({
  id: z.string(),
  kind: z.enum(proposalKinds),
  state: z.enum(['open', 'approved', 'declined', 'withdrawn', 'expired', 'void']),
  collection: named.nullable(),
  document: z.object({ id: z.string(), title: z.string() }).nullable(),
  to: named.extend({ kind: z.enum(['member', 'group']) }).nullable(),
  group: named.nullable(),
  permission: permission.nullable(),
  expiresAt: time.nullable(),
  grantId: z.string().nullable(),
  before: z.object({ permission, expiresAt: z.string().nullable() }).nullable(),
  proposedBy: named,
  proposedAt: time,
  endsAt: time,
  decidedBy: z.string().nullable(),
  decidedAt: time.nullable(),
});

const gainsSchema = z.object({
  members: z.number(),
  names: z.array(z.string()),
  objects: z.array(z.object({ collection: z.string(), document: z.string().nullable(), permission, documents: z.number() })),
});

/** A page of proposals: those that wait, oldest first to be decided, or those that are decided or over, newest first. */
export async function listProposals(actor: MemberActor, query: ProposalQuery): Promise<{ items: Proposal[]; next: string | null; total: number }> {
  const after = readCursor(query.cursor, 2);
  const open = sql`(p.decision is null and p.ends_at > now())`;
  const wanted = query.state === 'open' ? open : sql`not ${open}`;
  const [later, order] = query.state === 'open' ? [sql`>`, sql`asc`] : [sql`<`, sql`desc`];
  return transaction(actor, async (tx) => {
    const found = await select(tx, sql`
      where ${wanted} ${after === null ? sql`` : sql`and (${key}, p.id::text) ${later} (${after[0]}, ${after[1]})`}
      order by ${key} ${order}, p.id::text ${order}
      limit ${query.limit + 1}`);
    const rows = found.slice(0, query.limit);
    const items: Proposal[] = [];
    for (const { key: _, ...row } of rows) items.push({ ...row, gains: row.state === 'open' || row.state === 'void' ? await readGains(tx, row.id) : null });
    const last = rows.at(-1);
    const counted = await sql<{ total: number }>`select count(*)::int as total from grant_proposals p where ${wanted}`.execute(tx);
    return { items, next: found.length > query.limit && last !== undefined ? writeCursor(last.key, last.id) : null, total: counted.rows[0]?.total ?? 0 };
  });
}

/** One proposal in the caller's transaction, without its gains. Throws Problem 'not-found'. */
export async function requireProposal(tx: Tx, id: string): Promise<Proposal> {
  const [row] = await select(tx, sql`where p.id = ${id}`);
  if (row === undefined) throw new Problem('not-found', { detail: 'This proposal does not exist any more. What it was about was removed.' });
  const { key: _, ...proposal } = row;
  return { ...proposal, gains: null };
}

const key = sql`to_char(p.proposed_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')`;

async function select(tx: Tx, condition: RawBuilder<unknown>) {
  const { rows } = await sql`
    select p.id, p.kind, ${key} as key,
      case
        when p.decision is not null then p.decision
        when p.ends_at <= now() then 'expired'
        when proposer.role <> 'admin' or proposer.disabled_at is not null then 'void'
        else 'open'
      end as state,
      case when c.id is not null then json_build_object('id', c.id, 'name', c.name) end as collection,
      case when d.id is not null then json_build_object('id', d.id, 'title', d.title) end as document,
      case
        when i.id is not null then json_build_object('kind', 'group', 'id', i.id, 'name', i.name)
        when m.id is not null then json_build_object('kind', 'member', 'id', m.id, 'name', m.name)
        when p.kind in ('add-grant', 'change-grant') then json_build_object('kind', 'group', 'id', o.id, 'name', o.name)
      end as "to",
      case when p.kind not in ('add-grant', 'change-grant') and o.id is not null then json_build_object('id', o.id, 'name', o.name) end as "group",
      p.permission, p.expires_at as "expiresAt",
      p.grant_id as "grantId",
      case when g.id is not null then json_build_object('permission', g.permission, 'expiresAt', to_char(g.expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as before,
      json_build_object('id', p.proposed_by, 'name', proposer.name) as "proposedBy",
      p.proposed_at as "proposedAt", p.ends_at as "endsAt", decider.name as "decidedBy", p.decided_at as "decidedAt"
    from grant_proposals p
    join members proposer on proposer.id = p.proposed_by
    left join members decider on decider.id = p.decided_by
    left join grants g on g.id = p.grant_id
    left join confinements f on f.id = p.confinement_id
    left join documents d on d.id = coalesce(p.document_id, g.document_id, f.document_id)
    left join collections c on c.id = coalesce(p.collection_id, g.collection_id, f.collection_id, d.collection_id)
    left join groups o on o.id = coalesce(p.group_id, g.group_id, f.group_id)
    left join groups i on i.id = p.inner_group_id
    left join members m on m.id = coalesce(p.member_id, g.member_id)
    ${condition}`.execute(tx);
  return z.array(rowSchema.extend({ key: z.string() })).parse(rows);
}

async function readGains(tx: Tx, proposalId: string): Promise<Gains> {
  const { rows } = await sql`
    with gains as materialized (select * from gains_of_proposal(${proposalId})),
    people as (select distinct m.id, m.name from gains g join members m on m.id = g.member_id),
    things as (select distinct collection_id, document_id, permission from gains)
    select
      (select count(*)::int from people) as members,
      array(select name from people order by lower(name), id limit ${namesMax}) as names,
      coalesce((
        select json_agg(json_build_object(
          'collection', c.name, 'document', d.title, 'permission', t.permission,
          'documents', case when d.id is null then (select count(*) from documents u where u.collection_id = c.id and u.deleted_at is null and not u.restricted) else 1 end
        ) order by lower(c.name), lower(d.title))
        from things t join collections c on c.id = t.collection_id left join documents d on d.id = t.document_id
      ), '[]') as objects`.execute(tx);
  return gainsSchema.parse(rows[0]);
}
