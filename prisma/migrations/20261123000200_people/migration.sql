-- Members, their groups and their sessions.

create table members (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  name text not null,
  role text not null default 'employee' check (role in ('employee', 'admin', 'compliance')),
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create table groups (
  id uuid primary key,
  name text not null unique,
  -- The one group that every member belongs to without a membership row.
  everyone boolean not null default false,
  created_at timestamptz not null default now()
);
create unique index groups_one_everyone on groups (everyone) where everyone;

create table memberships (
  member_id uuid not null references members on delete cascade,
  group_id uuid not null references groups on delete cascade,
  created_at timestamptz not null default now(),
  primary key (member_id, group_id)
);
create index memberships_group on memberships (group_id);

-- Which account at which identity provider a member signs in with.
create table accounts (
  provider text not null,
  provider_account_id text not null,
  member_id uuid not null references members on delete cascade,
  created_at timestamptz not null default now(),
  primary key (provider, provider_account_id)
);
create index accounts_member on accounts (member_id);

-- The token itself stands only in the person's cookie; a copy of this table signs nobody in.
create table sessions (
  id uuid primary key,
  token_sha256 bytea not null unique,
  member_id uuid not null references members on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index sessions_member on sessions (member_id);

-- Choices that admins make for the whole installation.
create table settings (
  name text primary key,
  value jsonb not null,
  changed_by uuid references members,
  changed_at timestamptz not null default now(),
  revision integer not null default 1
);
