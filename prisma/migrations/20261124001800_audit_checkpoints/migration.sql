-- Checkpoints of the audit log: how long it was and what its root was, signed with a key that the database never sees and
-- repeated in a file outside of it (lib/audit/sign.ts). The ingest process signs; nothing of this is ever changed.

-- Complete subtrees of the log's RFC 6962 tree: row (level, index) is the `index`th of 256^level leaves. Level 1 also keeps
-- its 256 leaf hashes, apart from the records, so that a record that was changed together with its own hash is still named.
create table audit_tiles (
  level smallint not null check (level >= 1),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  leaves bytea check (length(leaves) = 8192),
  primary key (level, index),
  check ((level = 1) = (leaves is not null))
);

-- Public halves of the keys that signed, in the order in which they were taken into use. Only the last one signs.
create table audit_keys (
  number bigint generated always as identity primary key,
  verifier text not null unique,
  taken_at timestamptz not null default now()
);

create table audit_checkpoints (
  size bigint primary key check (size > 0),
  root bytea not null check (length(root) = 32),
  -- The signed note, byte for byte.
  note text not null,
  key_number bigint not null references audit_keys (number),
  signed_at timestamptz not null default now()
);

-- One row: what the signer found when it last looked. For people; the signer itself compares anew before it signs.
create table audit_signing (
  sole boolean primary key default true check (sole),
  checked_at timestamptz,
  -- Null: in order.
  problem text,
  sentence text,
  check ((problem is null) = (sentence is null))
);
insert into audit_signing default values;

create trigger audit_tiles_fixed before update or delete on audit_tiles for each row execute function refuse_audit_change();
create trigger audit_tiles_kept before truncate on audit_tiles for each statement execute function refuse_audit_change();
create trigger audit_keys_fixed before update or delete on audit_keys for each row execute function refuse_audit_change();
create trigger audit_keys_kept before truncate on audit_keys for each statement execute function refuse_audit_change();
create trigger audit_checkpoints_fixed before update or delete on audit_checkpoints for each row execute function refuse_audit_change();
create trigger audit_checkpoints_kept before truncate on audit_checkpoints for each statement execute function refuse_audit_change();

do $$
declare
  name text;
begin
  foreach name in array array['audit_tiles', 'audit_keys', 'audit_checkpoints'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select on %I to attest_runtime', name);
    execute format('create policy compliance_reads on %I for select to attest_runtime using ((select actor_role()) = ''compliance'')', name);
    execute format('grant select, insert on %I to attest_worker', name);
    execute format('create policy worker_reads on %I for select to attest_worker using (true)', name);
    execute format('create policy worker_adds on %I for insert to attest_worker with check (true)', name);
  end loop;
end
$$;

alter table audit_signing enable row level security;
alter table audit_signing force row level security;
grant select on audit_signing to attest_runtime;
create policy overseers_read on audit_signing for select to attest_runtime using ((select actor_role()) in ('admin', 'compliance'));
grant select, update on audit_signing to attest_worker;
create policy worker on audit_signing to attest_worker using (true) with check (true);

-- Of the records the signer reads numbers and hashes, and no word.
grant select (seq, leaf_hash) on audit_records to attest_worker;
create policy worker_reads on audit_records for select to attest_worker using (true);
grant select on audit_head to attest_worker;
create policy worker_reads on audit_head for select to attest_worker using (true);
