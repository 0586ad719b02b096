-- Lets a member tell an answer that is withheld from them from a question that was never answered: whether an answer
-- to their own turn exists, and nothing else of it.
grant select (turn_id, member_id) on answers to attest_access;
create policy access_decides on answers for select to attest_access using (true);

create function answer_exists(turn uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from answers where turn_id = turn and member_id = actor_id())
$$;

grant create on schema public to attest_access;
alter function answer_exists(uuid) owner to attest_access;
revoke create on schema public from attest_access;
revoke execute on function answer_exists(uuid) from public;
grant execute on function answer_exists(uuid) to attest_runtime;

-- A rating can be taken back; its record stays.
grant delete on feedback to attest_runtime;
