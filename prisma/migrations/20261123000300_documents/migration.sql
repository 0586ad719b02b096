-- Collections, grants, documents, versions, and what a version becomes: blocks, chunks, postings, vectors.
-- Rights hang on collections and documents only. The tables below a document carry its id so that row-level
-- security can ask one question about it; they never carry a copy of a right.

create table collections (
  id uuid primary key,
  name text not null unique,
  description text not null default '',
  created_by uuid references members,
  created_at timestamptz not null default now(),
  revision integer not null default 1
);

create table documents (
  id uuid primary key,
  collection_id uuid not null references collections,
  title text not null,
  -- A restricted document ignores its collection's grants; only grants that name it count.
  restricted boolean not null default false,
  created_by uuid references members,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  -- Set by the worker once no block, chunk, posting, vector or file of the document is left.
  purged_at timestamptz
);
create index documents_collection on documents (collection_id) where deleted_at is null;

create table grants (
  id uuid primary key,
  collection_id uuid not null references collections on delete cascade,
  document_id uuid references documents on delete cascade,
  group_id uuid references groups on delete cascade,
  member_id uuid references members on delete cascade,
  permission text not null check (permission in ('read', 'edit')),
  expires_at timestamptz,
  created_by uuid references members,
  created_at timestamptz not null default now(),
  revision integer not null default 1,
  check (num_nonnulls(group_id, member_id) = 1)
);
create unique index grants_once on grants (collection_id, document_id, group_id, member_id) nulls not distinct;
create index grants_member on grants (member_id) where member_id is not null;
create index grants_group on grants (group_id) where group_id is not null;

create table versions (
  id uuid primary key,
  document_id uuid not null references documents,
  number integer not null,
  file_name text not null,
  format text not null check (format in ('pdf', 'docx', 'xlsx', 'pptx', 'markdown', 'html', 'text', 'csv')),
  bytes bigint not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  state text not null default 'waiting' check (state in ('waiting', 'parsing', 'embedding', 'ready', 'failed')),
  problem_code text,
  problem_detail text,
  warnings jsonb not null default '[]',
  page_count integer,
  chunk_count integer not null default 0,
  chunks_embedded integer not null default 0,
  created_by uuid references members,
  created_at timestamptz not null default now(),
  -- The time in which this version was the one that answers rest on. Null: it never was; valid_to null: it is.
  valid_from timestamptz,
  valid_to timestamptz,
  unique (document_id, number)
);
create index versions_current on versions (document_id) where valid_from is not null and valid_to is null;
create index versions_unfinished on versions (created_at) where state in ('waiting', 'parsing', 'embedding');
create index versions_file on versions (sha256);

-- A version as it was read, for showing a passage at its place. `body` is lib/documents/types.ts Block.
create table blocks (
  version_id uuid not null references versions on delete cascade,
  document_id uuid not null references documents,
  ordinal integer not null,
  page integer,
  body jsonb not null,
  primary key (version_id, ordinal)
);
create index blocks_page on blocks (version_id, page);

-- `place` is lib/documents/types.ts Place. `term_count` is the chunk's length for BM25.
create table chunks (
  id bigint generated always as identity primary key,
  version_id uuid not null references versions on delete cascade,
  document_id uuid not null references documents,
  ordinal integer not null,
  text text not null,
  text_sha256 text not null,
  place jsonb not null,
  term_count integer not null,
  unique (version_id, ordinal)
);
create index chunks_document on chunks (document_id);

-- The lexical index: one row per term and version, with the chunks that hold the term and how often.
-- A row per version and not per occurrence is about a tenth of the size, and a version leaves the index whole.
create table postings (
  term text not null,
  version_id uuid not null references versions on delete cascade,
  document_id uuid not null references documents,
  chunk_ids bigint[] not null,
  frequencies smallint[] not null,
  primary key (term, version_id)
);
create index postings_version on postings (version_id);

-- An embedding model is its file: another file, another row, and vectors of two rows are never compared.
create table embedding_models (
  id integer generated always as identity primary key,
  name text not null,
  sha256 text not null default '',
  dimensions integer not null,
  created_at timestamptz not null default now(),
  unique (name, sha256, dimensions)
);

-- Narrow and uncompressed: an exact scan over visible rows is several times faster than over toasted vectors.
create table vectors (
  embedding_model_id integer not null references embedding_models,
  chunk_id bigint not null references chunks on delete cascade,
  document_id uuid not null references documents,
  version_id uuid not null references versions on delete cascade,
  embedding vector not null,
  primary key (embedding_model_id, chunk_id)
);
alter table vectors alter column embedding set storage plain;
create index vectors_document on vectors (document_id);
create index vectors_version on vectors (version_id);
create index vectors_chunk on vectors (chunk_id);
