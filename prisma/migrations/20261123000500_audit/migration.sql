-- The audit log. `body` holds the exact bytes that are hashed; leaf_hash is RFC 6962's leaf hash,
-- SHA-256(0x00 || body), so that a Merkle tree over `seq` can be added without touching a record.
-- `content` holds texts (question, answer, evidence) apart from the body, which carries only their SHA-256:
-- content can later be encrypted and erased while the log still verifies.
-- The columns beside them repeat members of the body for filtering and are never the evidence themselves.

create table audit_head (
  -- One row. Its lock gives records their number, so that a rolled-back transaction leaves no gap.
  sole boolean primary key default true check (sole),
  size bigint not null,
  last_at timestamptz not null
);
insert into audit_head (size, last_at) values (0, '-infinity');

create table audit_records (
  seq bigint primary key,
  at timestamptz not null,
  event text not null,
  outcome text not null,
  actor_id uuid,
  actor_role text,
  request_id text,
  subject_kind text,
  subject_id text,
  collection_id uuid,
  document_id uuid,
  turn_id uuid,
  body bytea not null,
  content bytea,
  leaf_hash bytea not null check (leaf_hash = sha256('\x00'::bytea || body))
);
create index audit_records_at on audit_records (at desc);
create index audit_records_actor on audit_records (actor_id, seq desc);
create index audit_records_event on audit_records (event, seq desc);
create index audit_records_turn on audit_records (turn_id) where turn_id is not null;
create index audit_records_document on audit_records (document_id, seq desc) where document_id is not null;

-- Takes the next number and a time that never runs backwards. The lock is held until the caller commits,
-- so append is the last statement of a transaction.
create function claim_audit_seq(out seq bigint, out at timestamptz)
language sql volatile security definer set search_path = public, pg_temp as $$
  update audit_head
  set size = audit_head.size + 1,
      last_at = greatest(clock_timestamp(), audit_head.last_at + interval '1 microsecond')
  returning audit_head.size - 1, audit_head.last_at
$$;

-- A record can only take the number that was just claimed, in the transaction that claimed it.
create function check_audit_seq() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (
    select from audit_head where size = new.seq + 1 and last_at = new.at and xmin = pg_current_xact_id()::xid
  ) then
    raise exception 'audit record % was not claimed in this transaction', new.seq;
  end if;
  return new;
end
$$;
create trigger audit_records_claimed before insert on audit_records
for each row execute function check_audit_seq();

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit records are never changed or removed';
end
$$;
create trigger audit_records_fixed before update or delete on audit_records
for each row execute function refuse_audit_change();
create trigger audit_records_kept before truncate on audit_records
for each statement execute function refuse_audit_change();

grant create on schema public to attest_audit;
alter function claim_audit_seq() owner to attest_audit;
alter function check_audit_seq() owner to attest_audit;
revoke create on schema public from attest_audit;
revoke execute on function claim_audit_seq() from public;
grant execute on function claim_audit_seq() to attest_runtime, attest_worker, attest_signin;
grant select, update on audit_head to attest_audit;
