-- Groups inside groups, and the predicate of who may read what, written for any member instead of for the actor alone.
-- Whoever is in the inner group is in the outer one too, however many steps lie between them.

create table group_nestings (
  inner_group_id uuid not null references groups on delete cascade,
  outer_group_id uuid not null references groups on delete cascade,
  created_at timestamptz not null default now(),
  primary key (inner_group_id, outer_group_id)
);
create index group_nestings_outer on group_nestings (outer_group_id);
alter table group_nestings enable row level security;
alter table group_nestings force row level security;
grant select on group_nestings to attest_access;
create policy access_decides on group_nestings for select to attest_access using (true);

-- A grant on a document names the document's own collection: the two can never say different things.
alter table documents add constraint documents_in_collection unique (id, collection_id);
alter table grants add constraint grants_document_in_collection
  foreign key (document_id, collection_id) references documents (id, collection_id) on delete cascade;

-- The predicate ---------------------------------------------------------------------------------------------------
-- These four are the only text that says who may read what. They run with the rights of whoever asks and are put into
-- the asking query by the planner, which costs nothing and lets a question about one document touch one document; so
-- they must stay plain SQL without SECURITY DEFINER and SET. Only attest_access may call them: what the product calls
-- are the checked functions below, owned by that role.

-- Groups that a member is in: by a membership, because everyone is, or because a group of theirs stands inside it.
create function groups_of(member uuid) returns setof uuid language sql stable as $$
  with recursive standing (group_id) as (
    (
      select s.group_id from memberships s where s.member_id = member
      union
      select e.id from groups e where e.everyone
    )
    union
    select n.outer_group_id from group_nestings n join standing s on s.group_id = n.inner_group_id
  )
  select group_id from standing
$$;

-- Grants that count for a member: those that have not ended and name the member or a group of theirs. None for somebody disabled.
create function grants_of(member uuid) returns setof grants language sql stable as $$
  select g.*
  from grants g
  where (g.expires_at is null or g.expires_at > now())
    and exists (select from members m where m.id = member and m.disabled_at is null)
    and (g.member_id = member or g.group_id in (select groups_of(member)))
$$;

-- Documents that a member may read. The form, two lists that are looked up in, is what makes it quick for many documents.
create function readable_documents_of(member uuid) returns setof uuid language sql stable as $$
  with granted as materialized (select g.collection_id, g.document_id from grants_of(member) g)
  select d.id
  from documents d
  where d.deleted_at is null
    and (
      (not d.restricted and d.collection_id in (select collection_id from granted where document_id is null))
      or d.id in (select document_id from granted where document_id is not null)
    )
$$;

-- The same, told as reasons: every document that a member may read with every grant that lets them.
create function reasons_of(member uuid) returns table (document_id uuid, grant_id uuid) language sql stable as $$
  select d.id, g.id
  from grants_of(member) g
  join documents d on d.collection_id = g.collection_id and not d.restricted and d.deleted_at is null
  where g.document_id is null
  union all
  select d.id, g.id
  from grants_of(member) g
  join documents d on d.id = g.document_id and d.deleted_at is null
$$;

-- What the actor asks ---------------------------------------------------------------------------------------------

create function groups_of_actor() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select id from groups_of(actor_id()) as own (id)
$$;

create or replace function grants_of_actor() returns setof grants
language sql stable security definer set search_path = public, pg_temp as $$
  select * from grants_of(actor_id())
$$;

create or replace function readable_documents() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select id from readable_documents_of(actor_id()) as readable (id)
$$;

create or replace function readable_collections() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct collection_id from grants_of(actor_id())
$$;

-- By which grants the actor may read each of these documents; a document that is missing may not be read.
create function reasons_of_actor(documents uuid[]) returns table (document_id uuid, grant_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.document_id, r.grant_id from reasons_of(actor_id()) r where r.document_id = any(documents)
$$;

-- No circles ------------------------------------------------------------------------------------------------------

-- SQLSTATE ATG01: the groups would stand inside each other. ATG02: everyone's group stands in no other and holds no other.
create function refuse_group_cycle() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- One at a time: two nestings that only together close a circle would not see each other.
  perform pg_advisory_xact_lock(hashtextextended('group_nestings', 0));
  if exists (select from groups g where g.id in (new.inner_group_id, new.outer_group_id) and g.everyone) then
    raise exception 'everybody is in the group of everyone already' using errcode = 'ATG02';
  end if;
  if exists (
    with recursive above (group_id) as (
      select new.outer_group_id
      union
      select n.outer_group_id from group_nestings n join above a on a.group_id = n.inner_group_id
    )
    select from above where group_id = new.inner_group_id
  ) then
    raise exception 'these groups would stand inside each other' using errcode = 'ATG01';
  end if;
  return new;
end
$$;

grant create on schema public to attest_access;
do $$
declare
  name text;
begin
  foreach name in array array[
    'groups_of(uuid)', 'grants_of(uuid)', 'readable_documents_of(uuid)', 'reasons_of(uuid)', 'refuse_group_cycle()'
  ] loop
    execute format('revoke execute on function %s from public', name);
    execute format('alter function %s owner to attest_access', name);
  end loop;
  foreach name in array array['groups_of_actor()', 'reasons_of_actor(uuid[])'] loop
    execute format('revoke execute on function %s from public', name);
    execute format('grant execute on function %s to attest_runtime', name);
    execute format('alter function %s owner to attest_access', name);
  end loop;
end
$$;
revoke create on schema public from attest_access;

create trigger refuse_cycle before insert or update on group_nestings
  for each row execute function refuse_group_cycle();

-- Members acting --------------------------------------------------------------------------------------------------

grant select, insert, delete on group_nestings to attest_runtime;
create policy member_reads on group_nestings for select to attest_runtime using (
  inner_group_id in (select groups_of_actor()) or (select actor_role()) in ('admin', 'compliance')
);
create policy admin_adds on group_nestings for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_removes on group_nestings for delete to attest_runtime using ((select actor_role()) = 'admin');

-- Whoever is in a group through another one may know its name.
drop policy member_reads on groups;
create policy member_reads on groups for select to attest_runtime using (
  everyone or id in (select groups_of_actor()) or (select actor_role()) in ('admin', 'compliance')
);
-- A group's name can be changed; which one is everyone's cannot.
revoke update on groups from attest_runtime;
grant update (name) on groups to attest_runtime;

-- Sign-in ---------------------------------------------------------------------------------------------------------

grant select, insert, delete on group_nestings to attest_signin;
create policy signin on group_nestings to attest_signin using (true) with check (true);
