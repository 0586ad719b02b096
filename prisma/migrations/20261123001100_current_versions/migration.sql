-- The versions that a search of the actor looks in: current, of documents they may read. One pass over rights instead
-- of one for each table of a join, which is what a question's time grows with where somebody may read many documents.
grant select (id, document_id, chunk_count, valid_from, valid_to) on versions to attest_access;
create policy access_decides on versions for select to attest_access using (true);

create function current_versions() returns table (version_id uuid, document_id uuid, collection_id uuid, chunk_count integer)
language sql stable security definer set search_path = public, pg_temp as $$
  select v.id, d.id, d.collection_id, v.chunk_count
  from readable_documents() as readable (id)
  join documents d on d.id = readable.id
  join versions v on v.document_id = d.id and v.valid_from is not null and v.valid_to is null
$$;

grant create on schema public to attest_access;
alter function current_versions() owner to attest_access;
revoke create on schema public from attest_access;
revoke execute on function current_versions() from public;
grant execute on function current_versions() to attest_runtime;
