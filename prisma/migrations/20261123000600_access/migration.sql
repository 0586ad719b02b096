-- Who may read and write what. Deny by default: row-level security is enabled and forced on every table, and a
-- row is reachable only through a policy below.
--
-- May-read, in words: a member who is not disabled may read a document that is not deleted when a grant that has
-- not ended names them, one of their groups or the group of everyone, and the grant is on the document's
-- collection or on the document itself; a restricted document counts only grants on itself.
-- Being an admin gives no right to read content: an admin sees collections, documents and their states, and may
-- grant themselves a right, which the audit log records.
--
-- The functions are SECURITY DEFINER, owned by a role that sees rights and no content, so that a policy on one
-- table never depends on a policy of another and no policy can recurse.

create function actor_id() returns uuid language sql stable as $$
  select nullif(current_setting('attest.actor', true), '')::uuid
$$;

create function actor_role() returns text
language sql stable security definer set search_path = public, pg_temp as $$
  select role from members where id = actor_id() and disabled_at is null
$$;

create function grants_of_actor() returns setof grants
language sql stable security definer set search_path = public, pg_temp as $$
  select g.*
  from grants g
  where (g.expires_at is null or g.expires_at > now())
    and exists (select from members where id = actor_id() and disabled_at is null)
    and (
      g.member_id = actor_id()
      or g.group_id in (select group_id from memberships where member_id = actor_id())
      or g.group_id in (select id from groups where everyone)
    )
$$;

create function readable_documents() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  with granted as materialized (select collection_id, document_id from grants_of_actor())
  select d.id
  from documents d
  where d.deleted_at is null
    and (
      (not d.restricted and d.collection_id in (select collection_id from granted where document_id is null))
      or d.id in (select document_id from granted where document_id is not null)
    )
$$;

create function readable_collections() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct collection_id from grants_of_actor()
$$;

create function may_edit_collection(collection uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(actor_role() = 'admin', false) or exists (
    select from grants_of_actor() g
    where g.collection_id = collection and g.document_id is null and g.permission = 'edit'
  )
$$;

create function may_edit_document(document uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from documents d where d.id = document and d.deleted_at is null and (
      may_edit_collection(d.collection_id)
      or exists (select from grants_of_actor() g where g.document_id = d.id and g.permission = 'edit')
    )
  )
$$;

grant create on schema public to attest_access;
do $$
declare
  name text;
begin
  foreach name in array array[
    'actor_role()', 'grants_of_actor()', 'readable_documents()', 'readable_collections()',
    'may_edit_collection(uuid)', 'may_edit_document(uuid)'
  ] loop
    execute format('alter function %s owner to attest_access', name);
    execute format('revoke execute on function %s from public', name);
    execute format('grant execute on function %s to attest_runtime', name);
  end loop;
end
$$;
revoke create on schema public from attest_access;

do $$
declare
  name text;
begin
  foreach name in array array[
    'members', 'groups', 'memberships', 'accounts', 'sessions', 'settings',
    'collections', 'grants', 'documents', 'versions', 'blocks', 'chunks', 'postings', 'embedding_models', 'vectors',
    'conversations', 'turns', 'answers', 'evidence', 'feedback', 'audit_head', 'audit_records'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
  foreach name in array array['members', 'groups', 'memberships', 'grants', 'collections', 'documents'] loop
    execute format('grant select on %I to attest_access', name);
    execute format('create policy access_decides on %I for select to attest_access using (true)', name);
  end loop;
end
$$;
create policy audit_numbers on audit_head to attest_audit using (true) with check (true);

-- Members acting -------------------------------------------------------------------------------------------------

grant select, update on members to attest_runtime;
create policy member_reads on members for select to attest_runtime
  using (id = actor_id() or (select actor_role()) in ('admin', 'compliance'));
create policy admin_changes on members for update to attest_runtime using ((select actor_role()) = 'admin');

grant select, insert, update, delete on groups to attest_runtime;
create policy member_reads on groups for select to attest_runtime using (
  everyone or (select actor_role()) in ('admin', 'compliance')
  or id in (select group_id from memberships where member_id = actor_id())
);
create policy admin_adds on groups for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_changes on groups for update to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_removes on groups for delete to attest_runtime using ((select actor_role()) = 'admin' and not everyone);

grant select, insert, delete on memberships to attest_runtime;
create policy member_reads on memberships for select to attest_runtime
  using (member_id = actor_id() or (select actor_role()) in ('admin', 'compliance'));
create policy admin_adds on memberships for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_removes on memberships for delete to attest_runtime using ((select actor_role()) = 'admin');

grant select, delete on sessions to attest_runtime;
create policy member_reads on sessions for select to attest_runtime
  using (member_id = actor_id() or (select actor_role()) = 'admin');
create policy member_ends on sessions for delete to attest_runtime
  using (member_id = actor_id() or (select actor_role()) = 'admin');

grant select, insert, update on settings to attest_runtime;
create policy member_reads on settings for select to attest_runtime using ((select actor_role()) is not null);
create policy admin_adds on settings for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_changes on settings for update to attest_runtime using ((select actor_role()) = 'admin');

grant select, insert, update, delete on collections to attest_runtime;
create policy member_reads on collections for select to attest_runtime
  using (id in (select readable_collections()) or (select actor_role()) in ('admin', 'compliance'));
create policy admin_adds on collections for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_changes on collections for update to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_removes on collections for delete to attest_runtime using ((select actor_role()) = 'admin');

grant select, insert, update, delete on grants to attest_runtime;
create policy member_reads on grants for select to attest_runtime using (
  id in (select id from grants_of_actor()) or (select actor_role()) in ('admin', 'compliance')
);
create policy admin_adds on grants for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_changes on grants for update to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_removes on grants for delete to attest_runtime using ((select actor_role()) = 'admin');

grant select, insert, update on documents to attest_runtime;
create policy member_reads on documents for select to attest_runtime
  using (id in (select readable_documents()) or (select actor_role()) in ('admin', 'compliance'));
create policy editor_adds on documents for insert to attest_runtime with check (may_edit_collection(collection_id));
-- The check allows the deletion mark, after which the document is no longer editable.
create policy editor_changes on documents for update to attest_runtime
  using (may_edit_document(id)) with check (may_edit_collection(collection_id));

grant select, insert, update on versions to attest_runtime;
create policy member_reads on versions for select to attest_runtime
  using (document_id in (select readable_documents()) or (select actor_role()) in ('admin', 'compliance'));
create policy editor_adds on versions for insert to attest_runtime with check (may_edit_document(document_id));
create policy editor_changes on versions for update to attest_runtime using (may_edit_document(document_id));

grant select on blocks, chunks, postings, vectors to attest_runtime;
create policy member_reads on blocks for select to attest_runtime using (document_id in (select readable_documents()));
create policy member_reads on chunks for select to attest_runtime using (document_id in (select readable_documents()));
create policy member_reads on postings for select to attest_runtime using (document_id in (select readable_documents()));
create policy member_reads on vectors for select to attest_runtime using (document_id in (select readable_documents()));
grant select on embedding_models to attest_runtime;
create policy member_reads on embedding_models for select to attest_runtime using ((select actor_role()) is not null);

grant select, insert, update on conversations to attest_runtime;
create policy owner_alone on conversations to attest_runtime
  using (member_id = actor_id() and (select actor_role()) is not null)
  with check (member_id = actor_id() and (select actor_role()) is not null);
grant select, insert on turns to attest_runtime;
create policy owner_alone on turns to attest_runtime
  using (member_id = actor_id() and (select actor_role()) is not null)
  with check (
    member_id = actor_id() and (select actor_role()) is not null
    and exists (select from conversations c where c.id = conversation_id and c.member_id = actor_id())
  );
-- An answer is withheld from its own asker once a document behind it is no longer theirs to read.
grant select, insert on answers to attest_runtime;
create policy owner_while_readable on answers for select to attest_runtime using (
  member_id = actor_id() and not exists (
    select from unnest(document_ids) as served (id) where served.id not in (select readable_documents())
  )
);
create policy owner_adds on answers for insert to attest_runtime with check (
  member_id = actor_id()
  and exists (select from turns t where t.id = turn_id and t.member_id = actor_id())
);
grant select, insert on evidence to attest_runtime;
create policy owner_while_readable on evidence for select to attest_runtime
  using (member_id = actor_id() and document_id in (select readable_documents()));
create policy owner_adds on evidence for insert to attest_runtime with check (
  member_id = actor_id() and document_id in (select readable_documents())
  and exists (select from turns t where t.id = turn_id and t.member_id = actor_id())
);
grant select, insert, update on feedback to attest_runtime;
create policy owner_alone on feedback to attest_runtime
  using (member_id = actor_id())
  with check (member_id = actor_id() and exists (select from turns t where t.id = turn_id and t.member_id = actor_id()));

grant select, insert on audit_records to attest_runtime;
create policy compliance_reads on audit_records for select to attest_runtime using ((select actor_role()) = 'compliance');
create policy actor_adds on audit_records for insert to attest_runtime with check (actor_id = actor_id());

-- Ingestion ------------------------------------------------------------------------------------------------------

grant select on collections to attest_worker;
grant select, update on documents to attest_worker;
grant select, update on versions to attest_worker;
grant select, insert, update, delete on blocks, chunks, postings, vectors to attest_worker;
grant select, insert on embedding_models to attest_worker;
grant insert on audit_records to attest_worker;
do $$
declare
  name text;
begin
  foreach name in array array['collections', 'documents', 'versions', 'blocks', 'chunks', 'postings', 'vectors', 'embedding_models'] loop
    execute format('create policy worker on %I to attest_worker using (true) with check (true)', name);
  end loop;
end
$$;
create policy worker_adds on audit_records for insert to attest_worker with check (actor_id is null);

-- Sign-in --------------------------------------------------------------------------------------------------------

grant select, insert, update on members to attest_signin;
grant select, insert on groups to attest_signin;
grant select, insert, delete on memberships to attest_signin;
grant select, insert on accounts to attest_signin;
grant select, insert, update, delete on sessions to attest_signin;
grant insert on audit_records to attest_signin;
do $$
declare
  name text;
begin
  foreach name in array array['members', 'groups', 'memberships', 'accounts', 'sessions'] loop
    execute format('create policy signin on %I to attest_signin using (true) with check (true)', name);
  end loop;
end
$$;
create policy signin_adds on audit_records for insert to attest_signin with check (true);
