-- How often a worker took a version up. A worker writes only while the number is still the one it was given, so
-- that one which was thought dead and comes back writes nothing over its successor's work.
alter table versions add column attempt integer not null default 0;

-- A removed collection keeps its row, because its deleted documents, and through them old evidence, refer to it.
-- Its grants are removed with it, and its name is free again.
alter table collections add column removed_at timestamptz;
alter table collections drop constraint collections_name_key;
create unique index collections_name on collections (lower(name)) where removed_at is null;
