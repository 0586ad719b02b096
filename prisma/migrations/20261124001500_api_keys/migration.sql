-- API keys: what a member gives to a program so that it may ask as them. Only the key's SHA-256 is kept; it is 256
-- random bits, so that the hash needs no salt and nobody can guess it. A revoked key keeps its row for a while, so that
-- whoever goes on using it is told apart from a stranger in the log.

create table api_keys (
  id uuid primary key,
  member_id uuid not null references members on delete cascade,
  name text not null check (name <> '' and char_length(name) <= 80),
  -- The key's first characters, by which its owner knows it again.
  prefix text not null check (prefix ~ '^attest_[A-Za-z0-9_-]{4}$'),
  key_sha256 bytea not null unique check (octet_length(key_sha256) = 32),
  scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['ask', 'search']),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null check (expires_at > created_at and expires_at <= created_at + interval '1 year 1 day'),
  last_used_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid references members on delete set null
);
create index api_keys_member on api_keys (member_id);

alter table api_keys enable row level security;
alter table api_keys force row level security;

-- Everybody sees their own and admins see all, but nobody reads a hash.
grant select (id, member_id, name, prefix, scopes, created_at, expires_at, last_used_at, revoked_at, revoked_by) on api_keys to attest_runtime;
create policy member_reads on api_keys for select to attest_runtime
  using ((member_id = actor_id() and (select actor_role()) is not null) or (select actor_role()) = 'admin');
-- A key is made for oneself alone, admins included: one for somebody else would act in their name.
grant insert (id, member_id, name, prefix, key_sha256, scopes, expires_at) on api_keys to attest_runtime;
create policy member_makes on api_keys for insert to attest_runtime
  with check (member_id = actor_id() and (select actor_role()) is not null);
-- Revoking is the one change there is, and it is never taken back.
grant update (revoked_at, revoked_by) on api_keys to attest_runtime;
create policy member_revokes on api_keys for update to attest_runtime
  using (revoked_at is null and ((member_id = actor_id() and (select actor_role()) is not null) or (select actor_role()) = 'admin'))
  with check (revoked_at is not null and revoked_by = actor_id());
grant delete on api_keys to attest_runtime;
create policy member_removes on api_keys for delete to attest_runtime
  using ((member_id = actor_id() and (select actor_role()) is not null) or (select actor_role()) = 'admin');

-- Signing in by key, and leaving.
grant select, delete on api_keys to attest_signin;
grant update (last_used_at, revoked_at) on api_keys to attest_signin;
create policy signin on api_keys to attest_signin using (true) with check (true);
