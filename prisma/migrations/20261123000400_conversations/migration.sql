-- What people asked, what they were answered and from which text.

create table conversations (
  id uuid primary key,
  member_id uuid not null references members on delete cascade,
  title text not null,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  deleted_at timestamptz
);
create index conversations_member on conversations (member_id, changed_at desc) where deleted_at is null;

create table turns (
  id uuid primary key,
  conversation_id uuid not null references conversations on delete cascade,
  member_id uuid not null references members on delete cascade,
  ordinal integer not null,
  question text not null,
  -- The question as it was searched for, with "it" and "there" filled in from the turns before.
  query text not null,
  -- Collections the member chose to ask; null: all that they may read.
  scope uuid[],
  asked_record bigint not null,
  created_at timestamptz not null default now(),
  unique (conversation_id, ordinal)
);

-- Kept apart from the turn so that the database can withhold an answer whose documents its reader has lost.
create table answers (
  turn_id uuid primary key references turns on delete cascade,
  member_id uuid not null references members on delete cascade,
  outcome text not null check (outcome in ('generated', 'quoted', 'not-found', 'stopped', 'failed')),
  text text not null,
  -- lib/answer/events.ts Sentence[]: each sentence with its citations and what checking it found.
  sentences jsonb not null default '[]',
  -- Documents whose text was given to the model or quoted.
  document_ids uuid[] not null default '{}',
  -- lib/answer/events.ts Method: steps with times, model file and hash, token counts.
  method jsonb not null default '{}',
  answered_record bigint not null,
  created_at timestamptz not null default now()
);

-- The exact text that was given, by hash. It stays what it was when the document changes.
create table evidence (
  id uuid primary key,
  turn_id uuid not null references turns on delete cascade,
  member_id uuid not null references members on delete cascade,
  -- The number that citations in the answer use, from 1.
  number integer not null,
  document_id uuid not null references documents,
  version_id uuid not null references versions,
  chunk_ordinal integer not null,
  title text not null,
  text text not null,
  text_sha256 text not null,
  place jsonb not null,
  -- lib/search/types.ts Scores
  scores jsonb not null default '{}',
  cited boolean not null default false,
  unique (turn_id, number)
);
create index evidence_document on evidence (document_id);

create table feedback (
  turn_id uuid primary key references turns on delete cascade,
  member_id uuid not null references members on delete cascade,
  verdict text not null check (verdict in ('up', 'down')),
  comment text not null default '',
  created_at timestamptz not null default now()
);
