/** What the routes about who may read what answer, checked in the browser. The types are those of lib/access/types.ts. */
import { z } from 'zod';
import { proposalKinds, type Gains, type Proposal, type ReadablePage, type Reader, type ReaderPage, type Reason } from '#lib/access/types.ts';
import type { Confinement } from '#lib/collections/types.ts';

const permission = z.enum(['read', 'edit']);
const named = z.object({ id: z.string(), name: z.string() });
const titled = z.object({ id: z.string(), title: z.string() });
const recipient = named.extend({ kind: z.enum(['member', 'group']) });

const reason = z.object({
  grantId: z.string(),
  on: z.enum(['collection', 'document']),
  permission,
  to: recipient,
  chain: z.array(z.string()),
  expiresAt: z.string().nullable(),
}) satisfies z.ZodType<Reason>;

const reader = z.object({ id: z.string(), name: z.string(), email: z.string(), reasons: z.array(reason) }) satisfies z.ZodType<Reader>;

export const readerPage = z.object({
  document: titled.extend({ restricted: z.boolean(), collection: named }),
  items: z.array(reader),
  next: z.string().nullable(),
  total: z.number(),
}) satisfies z.ZodType<ReaderPage>;

export const readablePage = z.object({
  member: named.extend({ email: z.string(), disabled: z.boolean() }),
  items: z.array(z.object({ collection: named, document: titled.extend({ restricted: z.boolean() }).nullable(), documents: z.number(), reasons: z.array(reason) })),
  next: z.string().nullable(),
  total: z.number(),
  documents: z.number(),
}) satisfies z.ZodType<ReadablePage>;

const gains = z.object({
  members: z.number(),
  names: z.array(z.string()),
  objects: z.array(z.object({ collection: z.string(), document: z.string().nullable(), permission, documents: z.number() })),
}) satisfies z.ZodType<Gains>;

export const proposal = z.object({
  id: z.string(),
  kind: z.enum(proposalKinds),
  state: z.enum(['open', 'approved', 'declined', 'withdrawn', 'expired', 'void']),
  collection: named.nullable(),
  document: titled.nullable(),
  to: recipient.nullable(),
  group: named.nullable(),
  permission: permission.nullable(),
  expiresAt: z.string().nullable(),
  grantId: z.string().nullable(),
  before: z.object({ permission, expiresAt: z.string().nullable() }).nullable(),
  proposedBy: named,
  proposedAt: z.string(),
  endsAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  gains: gains.nullable(),
}) satisfies z.ZodType<Proposal>;

export const confinements = z.object({
  items: z.array(z.object({ id: z.number(), group: named.nullable(), document: titled.nullable(), since: z.string() }) satisfies z.ZodType<Confinement>),
});
