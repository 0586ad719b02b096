-- How far the audit log has been delivered to the company's SIEM, and which worker delivers it at present.

-- The role that delivery acts as. It reads what was hashed of a record and never a record's content, and nothing else.
do $$
begin
  begin
    if not exists (select from pg_roles where rolname = 'attest_siem') then
      create role attest_siem nologin;
    end if;
  exception when duplicate_object or unique_violation then
    null;
  end;
  if not pg_has_role(current_user, 'attest_siem', 'usage') then
    grant attest_siem to current_user;
  end if;
end
$$;
grant usage on schema public to attest_siem;

create table siem_positions (
  -- Format and address: another SIEM gets the log from its first record.
  target text primary key,
  -- Every record below this number was taken in by the receiver.
  next_seq bigint not null default 0,
  -- Records there were at the last look.
  log_size bigint not null default 0,
  -- When the oldest record was written that is not taken in yet; null: none is.
  waiting_since timestamptz,
  -- Why nothing was taken in at the last try, for people; null: it was.
  problem text,
  failing_since timestamptz,
  looked_at timestamptz not null default now(),
  -- The worker that delivers, until when. Another one takes over after that.
  holder uuid,
  held_until timestamptz
);

alter table siem_positions enable row level security;
alter table siem_positions force row level security;
grant select, insert, update on siem_positions to attest_siem;
create policy siem on siem_positions to attest_siem using (true) with check (true);
grant select on siem_positions to attest_runtime;
create policy staff_reads on siem_positions for select to attest_runtime using ((select actor_role()) in ('admin', 'compliance'));

grant select (seq, at, event, body, leaf_hash) on audit_records to attest_siem;
create policy siem_reads on audit_records for select to attest_siem using (true);
