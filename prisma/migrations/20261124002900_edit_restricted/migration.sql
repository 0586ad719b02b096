-- A restricted document ignores its collection's grants, those to edit as well as those to read: whoever may edit the
-- collection and only read the document may not add versions to it.
create or replace function may_edit_document(document uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from documents d where d.id = document and d.deleted_at is null and (
      coalesce(actor_role() = 'admin', false)
      or (not d.restricted and may_edit_collection(d.collection_id))
      or exists (select from grants_of_actor() g where g.document_id = d.id and g.permission = 'edit')
    )
  )
$$;
