-- Sign-in in depth: identity providers that admins add, sessions that say where they are and when they were used, and
-- everything that is good for one use only.

-- Identity providers beside those of the environment.
create table providers (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,39}$'),
  kind text not null check (kind in ('oidc', 'saml')),
  name text not null,
  settings jsonb not null,
  -- The client secret, sealed under a key that stands outside the database (lib/auth/seal.ts).
  secret bytea,
  has_secret boolean not null default false,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  revision integer not null default 1,
  check (has_secret = (secret is not null))
);

alter table sessions
  -- Which provider vouched, and what it calls the session, for logging out there and for being logged out from there.
  add column provider text,
  add column provider_session text,
  -- The ID token, sealed; sent back to the provider as a hint of who signs out.
  add column id_token bytea,
  add column device text not null default '',
  add column last_used_at timestamptz not null default now();
create index sessions_provider on sessions (provider, provider_session);

-- Logout tokens and assertions that have been taken once, until they would be refused for their age anyway.
create table spent_tokens (
  provider text not null,
  kind text not null check (kind in ('logout', 'assertion')),
  id_sha256 bytea not null,
  expires_at timestamptz not null,
  primary key (provider, kind, id_sha256)
);
create index spent_tokens_expiry on spent_tokens (expires_at);

-- SAML sign-ins under way. The answer comes from another site, without our cookies; it waits here, sealed, until the
-- browser that began the sign-in fetches it.
create table saml_requests (
  id text primary key,
  provider text not null,
  browser_sha256 bytea not null unique,
  return_path text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  answer bytea
);
create index saml_requests_expiry on saml_requests (expires_at);

-- Links that make whoever signs in through them an admin. Kept after use, as who became admin by which link.
create table admin_links (
  token_sha256 bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  used_by uuid references members on delete set null
);

do $$
declare
  name text;
begin
  foreach name in array array['providers', 'spent_tokens', 'saml_requests', 'admin_links'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy signin on %I to attest_signin using (true) with check (true)', name);
  end loop;
end
$$;
grant select on providers to attest_signin;
grant select, insert, delete on spent_tokens to attest_signin;
grant select, insert, update, delete on saml_requests to attest_signin;
grant select, insert, update, delete on admin_links to attest_signin;

-- An admin sets a secret and never reads one.
grant select (id, kind, name, settings, has_secret, enabled, created_at, changed_at, revision) on providers to attest_runtime;
grant insert, update, delete on providers to attest_runtime;
create policy admin_reads on providers for select to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_adds on providers for insert to attest_runtime with check ((select actor_role()) = 'admin');
create policy admin_changes on providers for update to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_removes on providers for delete to attest_runtime using ((select actor_role()) = 'admin');

-- Removing a provider removes its accounts, so that another one under the same name inherits nobody.
grant select, delete on accounts to attest_runtime;
create policy admin_reads on accounts for select to attest_runtime using ((select actor_role()) = 'admin');
create policy admin_removes on accounts for delete to attest_runtime using ((select actor_role()) = 'admin');

-- What a page shows of a session; not the hash of its token, nor the provider's ID token.
revoke select on sessions from attest_runtime;
grant select (id, member_id, created_at, expires_at, last_used_at, provider, device) on sessions to attest_runtime;
