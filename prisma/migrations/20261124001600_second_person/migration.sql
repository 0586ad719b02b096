-- Who may read what, told with every reason; sensitive groups, whose collections and documents one admin alone cannot
-- open to anybody else; and ending all of a member's access in one step.

-- Explanations ----------------------------------------------------------------------------------------------------
-- All of them are asked of the predicate of *_nested_groups, grants_of and reasons_of, and of nothing else.

-- A group with every group that it stands inside, however far out.
create function groups_above(start uuid) returns setof uuid language sql stable as $$
  with recursive above (group_id) as (
    select start
    union
    select n.outer_group_id from group_nestings n join above a on a.group_id = n.inner_group_id
  )
  select group_id from above where group_id is not null
$$;

-- The shortest way from a member to a group, as names from the group they are in to that one. Steps are counted from the
-- target outwards first, so that a company with very many ways between two groups costs no more than its groups.
create function chain_to(member uuid, target uuid) returns text[] language sql stable as $$
  with recursive below (group_id, steps) as (
    select target, 0
    union
    select n.inner_group_id, b.steps + 1 from group_nestings n join below b on b.group_id = n.outer_group_id
  ),
  distance as (select group_id, min(steps) as steps from below group by group_id),
  beginning as (
    select d.group_id, d.steps
    from distance d join groups g on g.id = d.group_id
    where g.everyone or d.group_id in (select s.group_id from memberships s where s.member_id = member)
    order by d.steps, g.name
    limit 1
  ),
  walk (group_id, steps, chain) as (
    select group_id, steps, array[group_id] from beginning
    union all
    select following.group_id, following.steps, w.chain || following.group_id
    from walk w
    cross join lateral (
      select d.group_id, d.steps
      from group_nestings n join distance d on d.group_id = n.outer_group_id
      where n.inner_group_id = w.group_id and d.steps = w.steps - 1
      order by d.group_id
      limit 1
    ) following
  )
  select coalesce(array_agg(g.name order by c.place), '{}')
  from walk w cross join lateral unnest(w.chain) with ordinality as c (id, place) join groups g on g.id = c.id
  where w.steps = 0
$$;

create function may_explain_document(document uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(actor_role() = 'compliance', false)
    or exists (select from documents d where d.id = document and d.deleted_at is null and may_edit_collection(d.collection_id))
$$;

create function may_explain_member(member uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(actor_role() in ('admin', 'compliance') or (actor_role() is not null and member = actor_id()), false)
$$;

-- Everybody who may read a document. Nobody for those who may not ask.
create function readers_of_document(document uuid) returns table (member_id uuid, name text, email text)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, m.name, m.email
  from members m
  where may_explain_document(document)
    and exists (select from reasons_of(m.id) r where r.document_id = document)
$$;

-- Why some of them may: a row for each grant that opens the document to a member.
create function reasons_for_document(document uuid, people uuid[]) returns table (
  member_id uuid, grant_id uuid, collection_id uuid, document_id uuid, permission text, expires_at timestamptz,
  group_id uuid, group_name text, chain text[]
)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.id, g.id, g.collection_id, g.document_id, g.permission, g.expires_at, g.group_id, o.name,
    case when g.group_id is null then '{}' else chain_to(m.id, g.group_id) end
  from members m
  cross join lateral reasons_of(m.id) r
  join grants g on g.id = r.grant_id
  left join groups o on o.id = g.group_id
  where may_explain_document(document) and m.id = any(people) and r.document_id = document
$$;

-- What a member may read: each collection that a grant opens as a whole, with how many of its documents they may read
-- through that, and each document that a grant of its own opens.
create function readable_objects_of(member uuid) returns table (
  collection_id uuid, collection_name text, document_id uuid, document_title text, restricted boolean, documents bigint
)
language sql stable security definer set search_path = public, pg_temp as $$
  with reasons as materialized (
    select distinct d.collection_id, g.document_id as own, r.document_id
    from reasons_of(member) r join grants g on g.id = r.grant_id join documents d on d.id = r.document_id
    where may_explain_member(member)
  ),
  objects as (
    select g.collection_id, null::uuid as document_id from grants_of(member) g
    where g.document_id is null and may_explain_member(member)
    union
    select collection_id, own from reasons where own is not null
  ),
  sizes as (select collection_id, count(*) as documents from reasons where own is null group by collection_id)
  select o.collection_id, c.name, o.document_id, d.title, coalesce(d.restricted, false),
    case when o.document_id is null then coalesce(s.documents, 0) else 1 end
  from objects o
  left join sizes s on s.collection_id = o.collection_id
  join collections c on c.id = o.collection_id and c.removed_at is null
  left join documents d on d.id = o.document_id
$$;

-- How many documents that are, each counted once.
create function readable_count_of(member uuid) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select count(*) from readable_documents_of(member) where may_explain_member(member)
$$;

-- Why: a row for each grant to the member on those collections and documents.
create function reasons_for_member(member uuid, collections uuid[]) returns table (
  grant_id uuid, collection_id uuid, document_id uuid, permission text, expires_at timestamptz,
  group_id uuid, group_name text, chain text[]
)
language sql stable security definer set search_path = public, pg_temp as $$
  with told as materialized (
    select g.* from grants_of(member) g where may_explain_member(member) and g.collection_id = any(collections)
  ),
  -- Once for each group, of which there are few, and not for each grant.
  chains as materialized (
    select own.group_id, chain_to(member, own.group_id) as chain
    from (select distinct t.group_id from told t where t.group_id is not null) own
  )
  select t.id, t.collection_id, t.document_id, t.permission, t.expires_at, t.group_id, o.name, coalesce(c.chain, '{}')
  from told t
  left join groups o on o.id = t.group_id
  left join chains c on c.group_id = t.group_id
$$;

-- Sensitive groups ------------------------------------------------------------------------------------------------

alter table groups add column sensitive boolean not null default false;
alter table groups add constraint groups_everyone_not_sensitive check (not (everyone and sensitive));

-- A collection or document that was granted to a sensitive group is confined to it: whoever is outside gets at it only
-- with the consent of two admins. It stays confined when that grant is removed or ends, because removing a grant takes
-- one admin; only releasing it, or unmarking the group, lifts that, with two. A group that a directory removes leaves
-- an empty confinement behind: then everybody is outside.
create table confinements (
  id bigint generated always as identity primary key,
  group_id uuid references groups on delete set null,
  collection_id uuid not null references collections on delete cascade,
  document_id uuid,
  created_at timestamptz not null default now(),
  foreign key (document_id, collection_id) references documents (id, collection_id) on delete cascade
);
create unique index confinements_once on confinements (collection_id, document_id, group_id) nulls not distinct where group_id is not null;
create index confinements_group on confinements (group_id);

create table grant_proposals (
  id uuid primary key,
  kind text not null check (kind in ('add-grant', 'change-grant', 'open-document', 'nest-group', 'add-member', 'unmark-group', 'release')),
  -- What it is about. The grant's recipient is group_id or member_id; for nest-group and add-member group_id is the group to be joined.
  collection_id uuid references collections on delete cascade,
  document_id uuid references documents on delete cascade,
  group_id uuid references groups on delete cascade,
  member_id uuid references members on delete cascade,
  inner_group_id uuid references groups on delete cascade,
  grant_id uuid references grants on delete cascade,
  grant_revision integer,
  permission text check (permission in ('read', 'edit')),
  expires_at timestamptz,
  confinement_id bigint references confinements on delete cascade,
  proposed_by uuid not null references members,
  proposed_at timestamptz not null default now(),
  ends_at timestamptz not null default now() + interval '14 days',
  decision text check (decision in ('approved', 'declined', 'withdrawn')),
  decided_by uuid references members,
  decided_at timestamptz,
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null)),
  check (decision is null or (decision = 'withdrawn') = (decided_by = proposed_by)),
  check (case kind
    when 'add-grant' then collection_id is not null and num_nonnulls(group_id, member_id) = 1 and permission is not null
    when 'change-grant' then grant_id is not null and grant_revision is not null and permission is not null
    when 'open-document' then document_id is not null
    when 'nest-group' then group_id is not null and inner_group_id is not null
    when 'add-member' then group_id is not null and member_id is not null
    when 'unmark-group' then group_id is not null
    else confinement_id is not null
  end)
);
create index grant_proposals_open on grant_proposals (ends_at) where decision is null;

do $$
declare
  name text;
begin
  foreach name in array array['confinements', 'grant_proposals'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy access_decides on %I to attest_access using (true) with check (true)', name);
    execute format('create policy admin_reads on %I for select to attest_runtime using ((select actor_role()) in (''admin'', ''compliance''))', name);
    execute format('grant select on %I to attest_runtime', name);
  end loop;
end
$$;
grant select, insert, delete on confinements to attest_access;
grant select on grant_proposals to attest_access;
grant update (decision, decided_by, decided_at) on grant_proposals to attest_access;

-- An admin proposes in their own name. When it was proposed, when it ends and what is decided is the database's to say.
grant insert (id, kind, collection_id, document_id, group_id, member_id, inner_group_id, grant_id, grant_revision, permission, expires_at, confinement_id, proposed_by)
  on grant_proposals to attest_runtime;
create policy admin_proposes on grant_proposals for insert to attest_runtime
  with check ((select actor_role()) = 'admin' and proposed_by = actor_id());

-- What two admins have agreed on is written by attest_access, and by nothing else that gets past the triggers below.
grant insert on grants, group_nestings, memberships to attest_access;
grant update (permission, expires_at, revision) on grants to attest_access;
grant update (restricted) on documents to attest_access;
grant update (sensitive) on groups to attest_access;
do $$
declare
  name text;
begin
  foreach name in array array['grants', 'group_nestings', 'memberships'] loop
    execute format('create policy access_carries_out on %I for insert to attest_access with check (true)', name);
  end loop;
  foreach name in array array['grants', 'documents', 'groups'] loop
    execute format('create policy access_carries_out_changes on %I for update to attest_access using (true) with check (true)', name);
  end loop;
end
$$;

-- Only what a member may change at all: to whom and on what a grant is stays as it was made.
revoke update on grants from attest_runtime;
grant update (permission, expires_at, revision) on grants to attest_runtime;
revoke update on documents from attest_runtime;
grant update (title, deleted_at, restricted) on documents to attest_runtime;
grant update (sensitive) on groups to attest_runtime;

-- Does it reach beyond ---------------------------------------------------------------------------------------------

-- Is a recipient inside one of these groups? A group must stand inside by its place, not by who happens to be in it today.
create function stands_inside(recipient_group uuid, recipient_member uuid, bounds uuid[]) returns boolean language sql stable as $$
  select case when recipient_group is not null
    then exists (select from groups_above(recipient_group) as above (id) where above.id = any(bounds))
    else exists (select from groups_of(recipient_member) as own (id) where own.id = any(bounds))
  end
$$;

-- Would a grant on a collection, or on one document of it, reach somebody outside what it is confined to? One on a
-- collection reaches its unrestricted documents too, which may be confined by themselves.
create function grant_reaches_beyond(collection uuid, document uuid, recipient_group uuid, recipient_member uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  with touched (id) as (
    select document
    union
    select c.document_id
    from confinements c join documents d on d.id = c.document_id
    where document is null and c.collection_id = collection and not d.restricted and d.deleted_at is null
  ),
  bounds as (
    select array_agg(c.group_id) as inside
    from touched t join confinements c on c.collection_id = collection and (c.document_id is null or c.document_id = t.id)
    group by t.id
  )
  select exists (select from bounds b where not stands_inside(recipient_group, recipient_member, b.inside))
$$;

-- Would opening a restricted document to everybody who may read its collection reach somebody outside?
create function opening_reaches_beyond(document uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  with bounds as (
    select d.collection_id, array_agg(c.group_id) as inside
    from documents d join confinements c on c.collection_id = d.collection_id and (c.document_id is null or c.document_id = d.id)
    where d.id = document
    group by d.collection_id
  )
  select exists (
    select from bounds b join grants g on g.collection_id = b.collection_id and g.document_id is null
    where (g.expires_at is null or g.expires_at > now()) and not stands_inside(g.group_id, g.member_id, b.inside)
  )
$$;

-- Would standing inside a group make somebody one of a sensitive group who was outside it?
create function joining_reaches_beyond(joined uuid, inner_group uuid, member uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from groups g
    where g.sensitive and g.id in (select groups_above(joined)) and not stands_inside(inner_group, member, array[g.id])
  )
$$;

create function is_confining(sensitive_group uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from confinements where group_id = sensitive_group)
$$;

-- The triggers run with the rights of whoever writes, and look further for members acting alone: other roles may not even ask. SQLSTATE ATG10: this takes a second admin.
create function guard_grant() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'attest_runtime' then
    return new;
  end if;
  if tg_op = 'UPDATE'
    and (new.permission = old.permission or new.permission = 'read')
    and coalesce(new.expires_at, 'infinity') <= coalesce(old.expires_at, 'infinity') then
    return new;
  end if;
  if grant_reaches_beyond(new.collection_id, new.document_id, new.group_id, new.member_id) then
    raise exception 'this grant takes the consent of a second admin' using errcode = 'ATG10';
  end if;
  return new;
end
$$;
create trigger guard before insert or update on grants for each row execute function guard_grant();

create function guard_document() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'attest_runtime' or new.restricted = old.restricted then
    return new;
  end if;
  if actor_role() is distinct from 'admin' then
    raise exception 'only an admin restricts a document or opens it' using errcode = '42501';
  end if;
  if old.restricted and opening_reaches_beyond(new.id) then
    raise exception 'opening this document takes the consent of a second admin' using errcode = 'ATG10';
  end if;
  return new;
end
$$;
create trigger guard before update on documents for each row execute function guard_document();

create function guard_group() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'attest_runtime' or not old.sensitive or tg_op = 'UPDATE' and new.sensitive then
    return coalesce(new, old);
  end if;
  if is_confining(old.id) then
    raise exception 'unmarking a sensitive group takes the consent of a second admin' using errcode = 'ATG10';
  end if;
  return coalesce(new, old);
end
$$;
create trigger guard before update or delete on groups for each row execute function guard_group();

create function guard_nesting() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'attest_runtime' then
    return new;
  end if;
  if joining_reaches_beyond(new.outer_group_id, new.inner_group_id, null) then
    raise exception 'nesting in a sensitive group takes the consent of a second admin' using errcode = 'ATG10';
  end if;
  return new;
end
$$;
-- After refuse_cycle, by name: a circle is refused whoever agrees to it.
create trigger second_person before insert on group_nestings for each row execute function guard_nesting();

create function guard_membership() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if current_user <> 'attest_runtime' then
    return new;
  end if;
  if joining_reaches_beyond(new.group_id, null, new.member_id) then
    raise exception 'joining a sensitive group by hand takes the consent of a second admin' using errcode = 'ATG10';
  end if;
  return new;
end
$$;
create trigger guard before insert on memberships for each row execute function guard_membership();

-- What is granted to a sensitive group, now or when it is marked, is confined from then on.
create function confine_granted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into confinements (group_id, collection_id, document_id)
  select new.group_id, new.collection_id, new.document_id from groups g where g.id = new.group_id and g.sensitive
  on conflict do nothing;
  return null;
end
$$;
create trigger confine after insert on grants for each row when (new.group_id is not null) execute function confine_granted();

create function confine_marked() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if new.sensitive then
    insert into confinements (group_id, collection_id, document_id)
    select g.group_id, g.collection_id, g.document_id from grants g
    where g.group_id = new.id and (g.expires_at is null or g.expires_at > now())
    on conflict do nothing;
  else
    delete from confinements where group_id = new.id;
  end if;
  return null;
end
$$;
create trigger confine after update of sensitive on groups
  for each row when (old.sensitive is distinct from new.sensitive) execute function confine_marked();

-- Deciding --------------------------------------------------------------------------------------------------------

-- Carries out what a proposal asks for, a new grant under the proposal's own id; the state that it was made for must still be there. SQLSTATE ATG17: it is not.
create function carry_out(p grant_proposals) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  done integer;
begin
  case p.kind
    when 'add-grant' then
      if p.expires_at <= now() or p.document_id is not null and not exists (select from documents d where d.id = p.document_id and d.deleted_at is null)
        or exists (select from collections c where c.id = p.collection_id and c.removed_at is not null) then
        raise exception 'what was to be granted is gone' using errcode = 'ATG17';
      end if;
      insert into grants (id, collection_id, document_id, group_id, member_id, permission, expires_at, created_by)
      values (p.id, p.collection_id, p.document_id, p.group_id, p.member_id, p.permission, p.expires_at, p.proposed_by);
      done := 1;
    when 'change-grant' then
      update grants set permission = p.permission, expires_at = p.expires_at, revision = revision + 1
      where id = p.grant_id and revision = p.grant_revision and (p.expires_at is null or p.expires_at > now());
      get diagnostics done = row_count;
    when 'open-document' then
      update documents set restricted = false where id = p.document_id and restricted and deleted_at is null;
      get diagnostics done = row_count;
    when 'nest-group' then
      insert into group_nestings (inner_group_id, outer_group_id) values (p.inner_group_id, p.group_id);
      done := 1;
    when 'add-member' then
      insert into memberships (member_id, group_id, origin) values (p.member_id, p.group_id, 'hand');
      done := 1;
    when 'unmark-group' then
      update groups set sensitive = false where id = p.group_id and sensitive;
      get diagnostics done = row_count;
    when 'release' then
      delete from confinements where id = p.confinement_id;
      get diagnostics done = row_count;
  end case;
  if done = 0 then
    raise exception 'somebody changed this in the meantime' using errcode = 'ATG17';
  end if;
end
$$;

-- Approves a proposal and carries it out, in one step. SQLSTATE ATG11: there is no such proposal, or the actor is no admin;
-- ATG12: decided already; ATG13: its time is over; ATG14: the actor proposed it; ATG15: whoever proposed it is no admin any more.
create function approve_proposal(proposal uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  p grant_proposals;
begin
  select * into p from grant_proposals where id = proposal for update;
  if p.id is null or actor_role() is distinct from 'admin' then
    raise exception 'no such proposal' using errcode = 'ATG11';
  elsif p.decision is not null then
    raise exception 'decided already' using errcode = 'ATG12';
  elsif p.ends_at <= now() then
    raise exception 'its time is over' using errcode = 'ATG13';
  elsif p.proposed_by = actor_id() then
    raise exception 'a second person must approve' using errcode = 'ATG14';
  elsif not exists (select from members m where m.id = p.proposed_by and m.role = 'admin' and m.disabled_at is null) then
    raise exception 'the proposer is no admin any more' using errcode = 'ATG15';
  end if;
  update grant_proposals set decision = 'approved', decided_by = actor_id(), decided_at = now() where id = proposal;
  perform carry_out(p);
end
$$;

-- Declines it; the one who proposed it withdraws it. It changes nothing else, so that it needs no more than an admin.
create function decline_proposal(proposal uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  p grant_proposals;
  word text;
begin
  select * into p from grant_proposals where id = proposal for update;
  if p.id is null or actor_role() is distinct from 'admin' then
    raise exception 'no such proposal' using errcode = 'ATG11';
  elsif p.decision is not null then
    raise exception 'decided already' using errcode = 'ATG12';
  end if;
  word := case when p.proposed_by = actor_id() then 'withdrawn' else 'declined' end;
  update grant_proposals set decision = word, decided_by = actor_id(), decided_at = now() where id = proposal;
  return word;
end
$$;

-- Who would gain what if it were approved now: a row for each member and collection or document. Nobody gains anything
-- at once by unmarking a group or releasing a collection.
create function gains_of_proposal(proposal uuid) returns table (member_id uuid, collection_id uuid, document_id uuid, permission text)
language sql stable security definer set search_path = public, pg_temp as $$
  with p as materialized (
    select p.*, coalesce(p.collection_id, g.collection_id, d.collection_id) as on_collection, coalesce(p.document_id, g.document_id) as on_document,
      case when p.kind = 'change-grant' then g.group_id else p.group_id end as to_group,
      case when p.kind = 'change-grant' then g.member_id else p.member_id end as to_member,
      coalesce(p.permission, 'read') as gained
    from grant_proposals p left join grants g on g.id = p.grant_id left join documents d on d.id = p.document_id
    where p.id = proposal and actor_role() in ('admin', 'compliance')
  )
  -- By a grant: those whom it names and who have no other one that gives as much.
  select m.id, p.on_collection, p.on_document, p.gained
  from p join members m on m.disabled_at is null
  where p.kind in ('add-grant', 'change-grant')
    and (m.id = p.to_member or p.to_group in (select groups_of(m.id)))
    and not exists (
      select from grants_of(m.id) g
      where g.collection_id = p.on_collection and g.id is distinct from p.grant_id
        and (g.document_id is not distinct from p.on_document
          or g.document_id is null and exists (select from documents d where d.id = p.on_document and not d.restricted))
        and (g.permission = 'edit' or p.gained = 'read')
        and coalesce(g.expires_at, 'infinity') >= coalesce(p.expires_at, 'infinity')
    )
  union all
  -- By opening a document: those who may read its collection and had no grant on it.
  select distinct m.id, p.on_collection, p.document_id, 'read'
  from p join members m on true cross join lateral grants_of(m.id) g
  where p.kind = 'open-document' and g.collection_id = p.on_collection and g.document_id is null
    and not exists (select from grants_of(m.id) own where own.document_id = p.document_id)
  union all
  -- By joining a group: what is granted to it and to the groups around it that they are not in yet.
  select distinct m.id, g.collection_id, g.document_id, g.permission
  from p join members m on m.disabled_at is null
  join grants g on g.group_id in (select groups_above(p.group_id)) and (g.expires_at is null or g.expires_at > now())
  where p.kind in ('nest-group', 'add-member')
    and (m.id = p.member_id or p.inner_group_id in (select groups_of(m.id)))
    and g.group_id not in (select groups_of(m.id))
$$;

-- Leaving ---------------------------------------------------------------------------------------------------------

-- Takes the waiting jobs of a member's uploads from the queue. The versions say why, and an editor can have them read again.
create function cancel_jobs_of(member uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  waiting uuid[];
begin
  select coalesce(array_agg(v.id), '{}') into waiting from versions v where v.created_by = member and v.state = 'waiting';
  if waiting = '{}' then
    return 0;
  end if;
  update pgboss.job set state = 'cancelled', completed_on = now()
  where name = 'ingest-version' and state in ('created', 'retry') and (data ->> 'versionId')::uuid = any(waiting);
  update versions set state = 'failed', problem_code = 'not-permitted',
    problem_detail = 'Whoever uploaded this may not use Attest any more, so it was not read. Somebody who may edit the collection can have it read again.'
  where id = any(waiting) and state = 'waiting';
  return cardinality(waiting);
end
$$;

-- Ends everything that a member has going: sessions, API keys, waiting jobs. Answers under way notice within two seconds
-- (lib/answer/guard.ts). Asked by an admin, by sign-in and by provisioning. SQLSTATE 42501: not for anybody else.
create function end_access(member uuid) returns table (sessions integer, keys integer, jobs integer)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  if current_setting('role') = 'attest_runtime' and actor_role() is distinct from 'admin' then
    raise exception 'only an admin ends somebody''s access' using errcode = '42501';
  end if;
  delete from sessions s where s.member_id = member;
  get diagnostics sessions = row_count;
  update api_keys k set revoked_at = now() where k.member_id = member and k.revoked_at is null;
  get diagnostics keys = row_count;
  jobs := cancel_jobs_of(member);
  return next;
end
$$;

-- Owners and callers ----------------------------------------------------------------------------------------------

grant create on schema public to attest_access, attest_signin, attest_worker;
do $$
declare
  name text;
begin
  foreach name in array array[
    'groups_above(uuid)', 'chain_to(uuid, uuid)', 'stands_inside(uuid, uuid, uuid[])', 'carry_out(grant_proposals)',
    'confine_granted()', 'confine_marked()',
    'may_explain_document(uuid)', 'may_explain_member(uuid)', 'readers_of_document(uuid)', 'reasons_for_document(uuid, uuid[])',
    'readable_objects_of(uuid)', 'readable_count_of(uuid)', 'reasons_for_member(uuid, uuid[])',
    'grant_reaches_beyond(uuid, uuid, uuid, uuid)', 'opening_reaches_beyond(uuid)', 'joining_reaches_beyond(uuid, uuid, uuid)', 'is_confining(uuid)',
    'approve_proposal(uuid)', 'decline_proposal(uuid)', 'gains_of_proposal(uuid)'
  ] loop
    execute format('revoke execute on function %s from public', name);
    execute format('alter function %s owner to attest_access', name);
  end loop;
  foreach name in array array[
    'may_explain_document(uuid)', 'may_explain_member(uuid)', 'readers_of_document(uuid)', 'reasons_for_document(uuid, uuid[])',
    'readable_objects_of(uuid)', 'readable_count_of(uuid)', 'reasons_for_member(uuid, uuid[])',
    'grant_reaches_beyond(uuid, uuid, uuid, uuid)', 'opening_reaches_beyond(uuid)', 'joining_reaches_beyond(uuid, uuid, uuid)', 'is_confining(uuid)',
    'approve_proposal(uuid)', 'decline_proposal(uuid)', 'gains_of_proposal(uuid)'
  ] loop
    execute format('grant execute on function %s to attest_runtime', name);
  end loop;
end
$$;
revoke execute on function cancel_jobs_of(uuid), end_access(uuid) from public;
alter function cancel_jobs_of(uuid) owner to attest_worker;
alter function end_access(uuid) owner to attest_signin;
grant execute on function cancel_jobs_of(uuid) to attest_signin;
grant execute on function actor_role() to attest_signin;
grant execute on function end_access(uuid) to attest_runtime, attest_scim;
revoke create on schema public from attest_access, attest_signin, attest_worker;
