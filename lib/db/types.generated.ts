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

export interface AdminLinks {
  token_sha256: Buffer;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
  used_at: Time | null;
  used_by: string | null;
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

export interface ApiKeys {
  id: string;
  member_id: string;
  name: string;
  prefix: string;
  key_sha256: Buffer;
  scopes: string[];
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
  last_used_at: Time | null;
  revoked_at: Time | null;
  revoked_by: string | null;
}

export interface AuditCheckpoints {
  size: number;
  root: Buffer;
  note: string;
  key_number: number;
  signed_at: ColumnType<Date, Date | string | undefined, Date | string>;
}

export interface AuditHead {
  sole: Generated<boolean>;
  size: number;
  last_at: Time;
}

export interface AuditKeys {
  number: GeneratedAlways<number>;
  verifier: string;
  taken_at: ColumnType<Date, Date | string | undefined, Date | string>;
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

export interface AuditSigning {
  sole: Generated<boolean>;
  checked_at: Time | null;
  problem: string | null;
  sentence: string | null;
}

export interface AuditTiles {
  level: number;
  index: number;
  hash: Buffer;
  leaves: Buffer | null;
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

export interface Confinements {
  id: GeneratedAlways<number>;
  group_id: string | null;
  collection_id: string;
  document_id: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
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

export interface GrantProposals {
  id: string;
  kind: 'add-grant' | 'change-grant' | 'open-document' | 'nest-group' | 'add-member' | 'unmark-group' | 'release';
  collection_id: string | null;
  document_id: string | null;
  group_id: string | null;
  member_id: string | null;
  inner_group_id: string | null;
  grant_id: string | null;
  grant_revision: number | null;
  permission: 'read' | 'edit' | null;
  expires_at: Time | null;
  confinement_id: number | null;
  proposed_by: string;
  proposed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  ends_at: ColumnType<Date, Date | string | undefined, Date | string>;
  decision: 'approved' | 'declined' | 'withdrawn' | null;
  decided_by: string | null;
  decided_at: Time | null;
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
  external_id: string | null;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  sensitive: Generated<boolean>;
}

export interface Members {
  id: string;
  email: string;
  name: string;
  role: Generated<'employee' | 'admin' | 'compliance'>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  disabled_at: Time | null;
  user_name: string | null;
  external_id: string | null;
  provisioned: Json | null;
  removed_at: Time | null;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  disabled_by_directory: Generated<boolean>;
}

export interface Memberships {
  member_id: string;
  group_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  origin: Generated<'hand' | 'claim' | 'scim'>;
}

export interface Postings {
  term: string;
  version_id: string;
  document_id: string;
  chunk_ids: number[];
  frequencies: number[];
}

export interface Providers {
  id: string;
  kind: 'oidc' | 'saml';
  name: string;
  settings: Json;
  secret: Buffer | null;
  has_secret: Generated<boolean>;
  enabled: Generated<boolean>;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  revision: Generated<number>;
}

export interface SamlAnswers {
  id: string;
  provider: string;
  browser_sha256: Buffer;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
  answer: Buffer;
}

export interface ScimClients {
  id: string;
  name: string;
  token_sha256: Buffer;
  admin_role: string | null;
  created_by: string | null;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
  last_used_at: Time | null;
  revoked_at: Time | null;
}

export interface Sessions {
  id: string;
  token_sha256: Buffer;
  member_id: string;
  created_at: ColumnType<Date, Date | string | undefined, Date | string>;
  expires_at: Time;
  provider: string | null;
  provider_session: string | null;
  id_token: Buffer | null;
  device: Generated<string>;
  last_used_at: ColumnType<Date, Date | string | undefined, Date | string>;
  authenticated_at: Time | null;
}

export interface Settings {
  name: string;
  value: Json;
  changed_by: string | null;
  changed_at: ColumnType<Date, Date | string | undefined, Date | string>;
  revision: Generated<number>;
}

export interface SiemPositions {
  target: string;
  next_seq: Generated<number>;
  log_size: Generated<number>;
  waiting_since: Time | null;
  problem: string | null;
  failing_since: Time | null;
  looked_at: ColumnType<Date, Date | string | undefined, Date | string>;
  holder: string | null;
  held_until: Time | null;
}

export interface SpentTokens {
  provider: string;
  kind: 'logout' | 'assertion';
  id_sha256: Buffer;
  expires_at: Time;
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
  admin_links: AdminLinks;
  answers: Answers;
  api_keys: ApiKeys;
  audit_checkpoints: AuditCheckpoints;
  audit_head: AuditHead;
  audit_keys: AuditKeys;
  audit_records: AuditRecords;
  audit_signing: AuditSigning;
  audit_tiles: AuditTiles;
  blocks: Blocks;
  chunks: Chunks;
  collections: Collections;
  confinements: Confinements;
  conversations: Conversations;
  documents: Documents;
  embedding_models: EmbeddingModels;
  evidence: Evidence;
  feedback: Feedback;
  grant_proposals: GrantProposals;
  grants: Grants;
  group_nestings: GroupNestings;
  groups: Groups;
  members: Members;
  memberships: Memberships;
  postings: Postings;
  providers: Providers;
  saml_answers: SamlAnswers;
  scim_clients: ScimClients;
  sessions: Sessions;
  settings: Settings;
  siem_positions: SiemPositions;
  spent_tokens: SpentTokens;
  turns: Turns;
  vectors: Vectors;
  versions: Versions;
}
