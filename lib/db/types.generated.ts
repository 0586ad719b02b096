/** Written by `npm run db:map` from the migrated database. Do not edit. */
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** Read as parsed JSON of a shape that the reader checks; written as JSON text. */
export type Json = ColumnType<unknown, string, string>;
export type Time = ColumnType<Date, Date | string, Date | string>;

export interface Accounts {
  provider: string;
  provider_account_id: string;
  member_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Answers {
  turn_id: string;
  member_id: string;
  outcome: 'generated' | 'quoted' | 'not-found' | 'stopped' | 'failed';
  text: string;
  sentences: ColumnType<unknown, string | undefined, string>;
  document_ids: Generated<string[]>;
  method: ColumnType<unknown, string | undefined, string>;
  answered_record: number;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface AuditHead {
  sole: Generated<boolean>;
  size: number;
  last_at: Time;
}

export interface AuditRecords {
  seq: number;
  at: Time;
  event: string;
  outcome: string;
  actor_id: string | null;
  actor_role: string | null;
  request_id: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  collection_id: string | null;
  document_id: string | null;
  turn_id: string | null;
  body: Buffer;
  content: Buffer | null;
  leaf_hash: Buffer;
}

export interface Blocks {
  version_id: string;
  document_id: string;
  ordinal: number;
  page: number | null;
  body: Json;
}

export interface Chunks {
  id: GeneratedAlways<number>;
  version_id: string;
  document_id: string;
  ordinal: number;
  text: string;
  text_sha256: string;
  place: Json;
  term_count: number;
}

export interface Collections {
  id: string;
  name: string;
  description: Generated<string>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  revision: Generated<number>;
  removed_at: Time | null;
}

export interface Conversations {
  id: string;
  member_id: string;
  title: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  deleted_at: Time | null;
}

export interface Documents {
  id: string;
  collection_id: string;
  title: string;
  restricted: Generated<boolean>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  deleted_at: Time | null;
  purged_at: Time | null;
}

export interface EmbeddingModels {
  id: GeneratedAlways<number>;
  name: string;
  sha256: Generated<string>;
  dimensions: number;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Evidence {
  id: string;
  turn_id: string;
  member_id: string;
  number: number;
  document_id: string;
  version_id: string;
  chunk_ordinal: number;
  title: string;
  text: string;
  text_sha256: string;
  place: Json;
  scores: ColumnType<unknown, string | undefined, string>;
  cited: Generated<boolean>;
}

export interface Feedback {
  turn_id: string;
  member_id: string;
  verdict: 'up' | 'down';
  comment: Generated<string>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Grants {
  id: string;
  collection_id: string;
  document_id: string | null;
  group_id: string | null;
  member_id: string | null;
  permission: 'read' | 'edit';
  expires_at: Time | null;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  revision: Generated<number>;
}

export interface GroupNestings {
  inner_group_id: string;
  outer_group_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Groups {
  id: string;
  name: string;
  everyone: Generated<boolean>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Members {
  id: string;
  email: string;
  name: string;
  role: Generated<'employee' | 'admin' | 'compliance'>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  disabled_at: Time | null;
}

export interface Memberships {
  member_id: string;
  group_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  origin: Generated<'hand' | 'claim'>;
}

export interface Postings {
  term: string;
  version_id: string;
  document_id: string;
  chunk_ids: number[];
  frequencies: number[];
}

export interface Sessions {
  id: string;
  token_sha256: Buffer;
  member_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
}

export interface Settings {
  name: string;
  value: Json;
  changed_by: string | null;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  revision: Generated<number>;
}

export interface Turns {
  id: string;
  conversation_id: string;
  member_id: string;
  ordinal: number;
  question: string;
  query: string;
  scope: string[] | null;
  asked_record: number;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface Vectors {
  embedding_model_id: number;
  chunk_id: number;
  document_id: string;
  version_id: string;
  embedding: string;
}

export interface Versions {
  id: string;
  document_id: string;
  number: number;
  file_name: string;
  format: 'pdf' | 'docx' | 'xlsx' | 'pptx' | 'markdown' | 'html' | 'text' | 'csv';
  bytes: number;
  sha256: string;
  state: Generated<'waiting' | 'parsing' | 'embedding' | 'ready' | 'failed'>;
  problem_code: string | null;
  problem_detail: string | null;
  warnings: ColumnType<unknown, string | undefined, string>;
  page_count: number | null;
  chunk_count: Generated<number>;
  chunks_embedded: Generated<number>;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  valid_from: Time | null;
  valid_to: Time | null;
  attempt: Generated<number>;
}

export interface DB {
  accounts: Accounts;
  answers: Answers;
  audit_head: AuditHead;
  audit_records: AuditRecords;
  blocks: Blocks;
  chunks: Chunks;
  collections: Collections;
  conversations: Conversations;
  documents: Documents;
  embedding_models: EmbeddingModels;
  evidence: Evidence;
  feedback: Feedback;
  grants: Grants;
  group_nestings: GroupNestings;
  groups: Groups;
  members: Members;
  memberships: Memberships;
  postings: Postings;
  sessions: Sessions;
  settings: Settings;
  turns: Turns;
  vectors: Vectors;
  versions: Versions;
}
