-- Members and groups that a company's directory writes by SCIM 2.0 (RFC 7643, 7644), and the clients it does so with.

-- The role that provisioning acts as. It knows members, groups and who is in them, and no session, key, document,
-- question or answer; it ends somebody's access through end_access (*_second_person).
do $$
begin
  begin
    if not exists (select from pg_roles where rolname = 'attest_scim') then
      create role attest_scim nologin;
    end if;
  exception when duplicate_object or unique_violation then
    null;
  end;
  if not pg_has_role(current_user, 'attest_scim', 'usage') then
    grant attest_scim to current_user;
  end if;
end
$$;
grant usage on schema public to attest_scim;

-- What a directory says about a member. `user_name` is in lower case, for comparing; `provisioned` holds the attributes
-- as they were sent (lib/scim/users/row.ts) and is null for a member that no directory has written.
-- A removed member keeps the row for the audit log and is nobody to a directory; whoever comes back is a new member.
alter table members
  add column user_name text,
  add column external_id text,
  add column provisioned jsonb,
  add column removed_at timestamptz,
  add column changed_at timestamptz not null default now(),
  add column disabled_by_directory boolean not null default false;
create unique index members_user_name on members (coalesce(user_name, email)) where removed_at is null;
create index members_external_id on members (external_id) where external_id is not null;

alter table groups
  add column external_id text,
  add column changed_at timestamptz not null default now();
create index groups_external_id on groups (external_id) where external_id is not null;

alter table memberships drop constraint memberships_origin_check;
alter table memberships add constraint memberships_origin_check check (origin in ('hand', 'claim', 'scim'));

-- Notes when a member changed and whether it was the directory that disabled them: what an admin has disabled by hand,
-- a directory does not enable. Whatever the program says, a directory gives nobody the role compliance and takes it from nobody.
create function note_member_change() returns trigger language plpgsql as $$
begin
  new.changed_at := now();
  if (new.disabled_at is null) <> (old.disabled_at is null) then
    new.disabled_by_directory := new.disabled_at is not null and current_user = 'attest_scim';
  end if;
  -- Whom an admin lets in again is a member again, for a directory too.
  if new.disabled_at is null then
    new.removed_at := null;
  end if;
  if current_user = 'attest_scim' and new.role <> old.role and 'compliance' in (new.role, old.role) then
    raise exception 'provisioning never changes the role compliance';
  end if;
  return new;
end
$$;
create trigger members_change before update on members for each row execute function note_member_change();

create function note_group_change() returns trigger language plpgsql as $$
begin
  new.changed_at := now();
  return new;
end
$$;
create trigger groups_change before update on groups for each row execute function note_group_change();

-- Programs that may provision. The token itself stands only in the directory's settings. A revoked one keeps its row,
-- so that records that name it can still be understood.
create table scim_clients (
  id uuid primary key,
  name text not null check (name <> '' and char_length(name) <= 80),
  token_sha256 bytea not null unique check (octet_length(token_sha256) = 32),
  -- The value of SCIM's `roles` that makes somebody an admin. Null: what a directory says about roles is ignored.
  admin_role text check (admin_role <> '' and char_length(admin_role) <= 200),
  created_by uuid references members on delete set null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
alter table scim_clients enable row level security;
alter table scim_clients force row level security;

-- An admin makes and revokes clients, and never reads the hash of a token.
grant select (id, name, admin_role, created_by, created_at, expires_at, last_used_at, revoked_at) on scim_clients to attest_runtime;
grant insert (id, name, token_sha256, admin_role, created_by, expires_at) on scim_clients to attest_runtime;
grant update (revoked_at) on scim_clients to attest_runtime;
create policy admin_reads on scim_clients for select to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_adds on scim_clients for insert to attest_runtime with check ((select actor_role()) = 'admin' and created_by = actor_id());
create policy admin_revokes on scim_clients for update to attest_runtime
  using ((select actor_role()) = 'admin') with check (revoked_at is not null);

-- Provisioning ----------------------------------------------------------------------------------------------------

grant select on scim_clients to attest_scim;
grant update (last_used_at) on scim_clients to attest_scim;
create policy scim on scim_clients for select to attest_scim using (true);
create policy scim_uses on scim_clients for update to attest_scim using (revoked_at is null);

grant select on members to attest_scim;
grant insert (id, email, name, role, disabled_at, disabled_by_directory, user_name, external_id, provisioned) on members to attest_scim;
grant update (email, name, role, disabled_at, user_name, external_id, provisioned, removed_at) on members to attest_scim;
create policy scim_reads on members for select to attest_scim using (true);
create policy scim_adds on members for insert to attest_scim with check (role in ('employee', 'admin'));
create policy scim_changes on members for update to attest_scim using (true);

-- The group of everyone is no directory's: it is not even seen.
grant select, delete on groups to attest_scim;
grant insert (id, name, external_id) on groups to attest_scim;
grant update (name, external_id, changed_at) on groups to attest_scim;
create policy scim on groups to attest_scim using (not everyone) with check (not everyone);

grant select, insert, delete on memberships to attest_scim;
grant update (origin) on memberships to attest_scim;
create policy scim_reads on memberships for select to attest_scim using (true);
create policy scim_adds on memberships for insert to attest_scim with check (origin = 'scim');
create policy scim_changes on memberships for update to attest_scim using (true) with check (origin = 'scim');
create policy scim_removes on memberships for delete to attest_scim using (true);

grant select, insert, delete on group_nestings to attest_scim;
create policy scim on group_nestings to attest_scim using (true) with check (true);

-- Which member has signed in with an account already. Somebody who is provisioned anew signs in to the new member.
grant select (member_id), delete on accounts to attest_scim;
create policy scim_reads on accounts for select to attest_scim using (true);
create policy scim_releases on accounts for delete to attest_scim
  using (member_id in (select id from members where removed_at is not null));

-- The rights that go with a removed group, for the records.
grant select (id, collection_id, document_id, group_id, permission) on grants to attest_scim;
create policy scim_reads on grants for select to attest_scim using (group_id is not null);

grant insert on audit_records to attest_scim;
create policy scim_adds on audit_records for insert to attest_scim with check (actor_id is null);
grant execute on function claim_audit_seq() to attest_scim;
