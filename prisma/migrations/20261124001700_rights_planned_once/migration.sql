-- What the actor asks, in PL/pgSQL: it keeps a plan for as long as a connection lives. Before Postgres 18 a function in SQL
-- is parsed and planned anew in every statement and at every table whose policy calls it, which took more of a question's
-- time than finding the rows. What they say, who owns them and who may call them stays; so do the predicates of
-- *_nested_groups, which the planner puts into these plans. Rights are looked up at each call as before: a plan holds no
-- rows and no actor, and one that was made for another role, or before a table changed, is made again.

-- Groups are asked for as a list to look up in, which the planner puts into no query; so nothing is lost here either.
create or replace function groups_of(member uuid) returns setof uuid language plpgsql stable as $$
begin
  return query
    with recursive standing (group_id) as (
      (
        select s.group_id from memberships s where s.member_id = member
        union
        select e.id from groups e where e.everyone
      )
      union
      select n.outer_group_id from group_nestings n join standing s on s.group_id = n.inner_group_id
    )
    select group_id from standing;
end
$$;

create or replace function actor_role() returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return (select m.role from members m where m.id = actor_id() and m.disabled_at is null);
end
$$;

create or replace function groups_of_actor() returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select own.id from groups_of(actor_id()) as own (id);
end
$$;

create or replace function grants_of_actor() returns setof grants
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select * from grants_of(actor_id());
end
$$;

create or replace function readable_documents() returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select readable.id from readable_documents_of(actor_id()) as readable (id);
end
$$;

create or replace function readable_collections() returns setof uuid
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select distinct g.collection_id from grants_of(actor_id()) g;
end
$$;

create or replace function reasons_of_actor(documents uuid[]) returns table (document_id uuid, grant_id uuid)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query select r.document_id, r.grant_id from reasons_of(actor_id()) r where r.document_id = any(documents);
end
$$;

create or replace function current_versions() returns table (version_id uuid, document_id uuid, collection_id uuid, chunk_count integer)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  return query
    select v.id, d.id, d.collection_id, v.chunk_count
    from readable_documents() as readable (id)
    join documents d on d.id = readable.id
    join versions v on v.document_id = d.id and v.valid_from is not null and v.valid_to is null;
end
$$;
