/** What the routes about people, groups, rights and the system's state answer, checked in the browser. */
import { z } from 'zod';
import type { CollectionRow, Grant } from '#lib/collections/types.ts';
import type { GroupRow, MemberRow, Profile, SessionRow, SystemStatus } from '#lib/members/types.ts';

const role = z.enum(['employee', 'admin', 'compliance']);

export const profile = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  groups: z.array(z.string()),
  collections: z.number(),
  documents: z.number(),
  demo: z.boolean(),
}) satisfies z.ZodType<Profile>;

const state = z.enum(['working', 'limited', 'failing']);
export const systemStatus = z.object({
  state,
  parts: z.array(z.object({ name: z.enum(['models', 'ingestion', 'database', 'log', 'siem']), state, sentence: z.string() })),
}) satisfies z.ZodType<SystemStatus>;

export const memberRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role,
  groups: z.array(z.object({ id: z.string(), name: z.string() })),
  createdAt: z.string(),
  disabledAt: z.string().nullable(),
}) satisfies z.ZodType<MemberRow>;

export const groupRow = z.object({ id: z.string(), name: z.string(), everyone: z.boolean(), sensitive: z.boolean(), members: z.number(), inner: z.array(z.object({ id: z.string(), name: z.string() })), createdAt: z.string() }) satisfies z.ZodType<GroupRow>;

export const collectionRow = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  documents: z.number(),
  unfinished: z.number(),
  failed: z.number(),
  changedAt: z.string(),
  mayRead: z.boolean(),
  mayEdit: z.boolean(),
  mayManage: z.boolean(),
  because: z.array(z.string()),
  readers: z.array(z.string()).nullable(),
  revision: z.number(),
}) satisfies z.ZodType<CollectionRow>;

export const grant = z.object({
  id: z.string(),
  collectionId: z.string(),
  documentId: z.string().nullable(),
  to: z.object({ kind: z.enum(['group', 'member']), id: z.string(), name: z.string() }),
  permission: z.enum(['read', 'edit']),
  expiresAt: z.string().nullable(),
  createdAt: z.string(),
  createdByName: z.string().nullable(),
  revision: z.number(),
}) satisfies z.ZodType<Grant>;

export const sessionRow = z.object({
  id: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  expiresAt: z.string(),
  device: z.string(),
  provider: z.string().nullable(),
  current: z.boolean(),
  member: z.object({ id: z.string(), name: z.string(), email: z.string() }),
}) satisfies z.ZodType<SessionRow>;
