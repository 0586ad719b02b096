-- Database roles. None of them can log in, owns a table that holds content, is a superuser or bypasses row-level
-- security. Every transaction of the product starts with `set local role` to one of the first three, on both the
-- embedded database (where every connection is the superuser) and a server.
--   attest_runtime  acts as the member named in the setting attest.actor
--   attest_worker   ingestion: reads and writes documents, knows no conversation
--   attest_signin   sign-in: members, groups and sessions, knows no document and no conversation
--   attest_access   owns the functions that decide who may read; sees rights, never content
--   attest_audit    owns the functions that number audit records
-- Roles belong to the whole server, so two databases on it may create them at the same moment.
create extension if not exists vector;

do $$
declare
  name text;
begin
  foreach name in array array['attest_runtime', 'attest_worker', 'attest_signin', 'attest_access', 'attest_audit'] loop
    begin
      if not exists (select from pg_roles where rolname = name) then
        execute format('create role %I nologin', name);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
    if not pg_has_role(current_user, name, 'usage') then
      execute format('grant %I to current_user', name);
    end if;
  end loop;
end
$$;

grant usage on schema public to attest_runtime, attest_worker, attest_signin, attest_access, attest_audit;
