-- When the person last proved to the provider who they are, as the provider says; null where it does not say. The most
-- sensitive acts want this to be recent. A session that began long ago at the provider is not a proof of today.
alter table sessions add column authenticated_at timestamptz;
