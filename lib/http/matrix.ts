/**
 * Every route that exists: who may call it and what it leaves in the audit log. Written by hand and compared with the
 * route files below app by app/api/matrix.test.ts: a route without a row, a row without a route and a permission that
 * differs all fail. To add a route, add its row; `:id` stands for `[id]`, `:name*` for `[...name]`.
 */
import type { Permission } from '../access/permissions.ts';
import type { KeyScope } from '../actor.ts';
import type { AuditEvent } from '../audit/types.ts';

export interface MatrixCell {
  /** 'scim': the token of a provisioning client, and nothing else, opens it. */
  permission: Permission | 'open' | 'scim';
  /** API keys with one of these scopes may call it, and nothing else may. Unset: no key may. */
  scopes?: readonly KeyScope[];
  /** It takes a sign-in of the last ten minutes. */
  recentSignIn?: true;
  /** Events that a call may append, or why it appends none. Refusals are recorded by every route. */
  records: readonly AuditEvent[] | { none: string };
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type MatrixRow = Readonly<{ path: string } & Partial<Record<Method, MatrixCell>>>;

const none = (reason: string) => ({ none: reason });

export const matrix: readonly MatrixRow[] = [
  // Sign-in
  {
    path: '/api/auth/:nextauth*',
    GET: { permission: 'open', records: ['session.started', 'session.confirmed', 'session.refused', 'session.ended', 'groups.unread', 'admin-link.used', 'member.added', 'membership.added', 'membership.removed'] },
    POST: { permission: 'open', records: ['session.ended'] },
  },
  { path: '/api/auth/saml/:provider/acs', POST: { permission: 'open', records: ['session.refused'] } },
  {
    path: '/api/auth/saml/:provider/finish',
    GET: { permission: 'open', records: ['session.started', 'session.confirmed', 'session.refused', 'session.ended', 'groups.unread', 'admin-link.used', 'member.added', 'membership.added', 'membership.removed'] },
  },
  { path: '/api/auth/saml/:provider/metadata', GET: { permission: 'open', records: none('what anybody may know who sends people here') } },
  { path: '/api/auth/backchannel/:provider', POST: { permission: 'open', records: ['session.ended'] } },
  {
    path: '/api/providers',
    GET: { permission: 'provider:manage', records: none('settings that admins keep, without secrets') },
    POST: { permission: 'provider:manage', records: ['provider.added'] },
  },
  { path: '/api/providers/test', POST: { permission: 'provider:manage', records: none('asks the provider what it publishes; changes nothing') } },
  {
    path: '/api/providers/:id',
    PATCH: { permission: 'provider:manage', records: ['provider.changed'] },
    DELETE: { permission: 'provider:manage', records: ['provider.removed'] },
  },
  { path: '/api/health', GET: { permission: 'open', records: none('says only whether the product can serve') } },
  { path: '/api/profile', GET: { permission: 'profile:read', records: none('about the asking member only') } },
  { path: '/api/status', GET: { permission: 'profile:read', records: none('counts and sentences, no content') } },
  {
    path: '/api/sessions',
    GET: { permission: 'profile:read', records: none('about the asking member only') },
    DELETE: { permission: 'profile:read', records: ['session.ended'] },
  },
  { path: '/api/sessions/everyone', GET: { permission: 'member:manage', records: none('who is signed in where, which admins keep') } },
  { path: '/api/sessions/:id', DELETE: { permission: 'profile:read', records: ['session.ended'] } },

  // API keys
  {
    path: '/api/keys',
    GET: { permission: 'profile:read', records: none('about the asking member only') },
    POST: { permission: 'key:make', records: ['key.made'] },
  },
  { path: '/api/keys/:id', DELETE: { permission: 'profile:read', records: ['key.revoked'] } },
  { path: '/api/member-keys', GET: { permission: 'member:manage', records: none('names and times, which admins keep; no key') } },

  // Members and groups
  { path: '/api/members', GET: { permission: 'member:manage', records: none('names and roles, which admins keep') } },
  { path: '/api/members/:id/sessions', DELETE: { permission: 'member:manage', records: ['session.ended'] } },
  { path: '/api/members/:id/readable', GET: { permission: 'profile:read', records: ['access.explained'] } },
  { path: '/api/members/:id', PATCH: { permission: 'member:manage', records: ['member.changed'] } },
  {
    path: '/api/groups',
    GET: { permission: 'member:manage', records: none('names and counts, which admins keep') },
    POST: { permission: 'member:manage', records: ['group.added'] },
  },
  {
    path: '/api/groups/:id/groups/:innerId',
    PUT: { permission: 'member:manage', records: ['nesting.added', 'grant.proposed'] },
    DELETE: { permission: 'member:manage', records: ['nesting.removed'] },
  },
  { path: '/api/groups/:id', PATCH: { permission: 'member:manage', records: ['group.changed', 'grant.proposed'] }, DELETE: { permission: 'member:manage', records: ['group.removed', 'grant.removed'] } },
  {
    path: '/api/groups/:id/members/:memberId',
    PUT: { permission: 'member:manage', records: ['membership.added', 'grant.proposed'] },
    DELETE: { permission: 'member:manage', records: ['membership.removed'] },
  },

  // Models
  { path: '/api/models', GET: { permission: 'model:manage', records: none('files and loads, no content') } },
  { path: '/api/models/roles', PUT: { permission: 'model:manage', records: ['model.chosen'] } },

  // Asking
  { path: '/api/ask', POST: { permission: 'answer:ask', records: ['question.asked', 'question.answered'] } },
  { path: '/api/examples', GET: { permission: 'answer:ask', records: none('example questions, no content') } },
  { path: '/api/turns/:id/stop', POST: { permission: 'answer:ask', records: none('the answer that ends is recorded as stopped') } },
  {
    path: '/api/turns/:id/feedback',
    PUT: { permission: 'conversation:keep', records: ['feedback.given'] },
    DELETE: { permission: 'conversation:keep', records: ['feedback.given'] },
  },
  { path: '/api/evidence/:id/opened', POST: { permission: 'conversation:keep', records: ['evidence.opened'] } },
  { path: '/api/conversations', GET: { permission: 'conversation:keep', records: none('the member\'s own titles') } },
  {
    path: '/api/conversations/:id',
    GET: { permission: 'conversation:keep', records: none('the member\'s own questions; opening a passage is recorded') },
    PATCH: { permission: 'conversation:keep', records: ['conversation.renamed'] },
    DELETE: { permission: 'conversation:keep', records: ['conversation.deleted'] },
  },

  // Collections and grants
  {
    path: '/api/collections',
    GET: { permission: 'document:read', records: none('names and counts of what the member may see') },
    POST: { permission: 'collection:manage', records: ['collection.added'] },
  },
  {
    path: '/api/collections/:id',
    GET: { permission: 'document:read', records: none('names and counts of what the member may see') },
    PATCH: { permission: 'collection:manage', records: ['collection.changed'] },
    DELETE: { permission: 'collection:manage', records: ['collection.removed'] },
  },
  {
    path: '/api/collections/:id/grants',
    GET: { permission: 'document:read', records: none('rights; members see their own only') },
    POST: { permission: 'grant:manage', records: ['grant.added', 'grant.proposed'] },
  },
  { path: '/api/collections/:id/confinements', GET: { permission: 'grant:manage', records: none('names of groups, which admins keep') } },
  { path: '/api/confinements/:id', DELETE: { permission: 'grant:manage', records: ['grant.proposed'] } },
  { path: '/api/proposals', GET: { permission: 'grant:manage', records: none('what admins proposed to each other; deciding is recorded') } },
  {
    path: '/api/proposals/:id/approve',
    POST: { permission: 'grant:manage', recentSignIn: true, records: ['grant.approved', 'grant.added', 'grant.changed', 'document.changed', 'nesting.added', 'membership.added', 'group.changed', 'collection.changed'] },
  },
  { path: '/api/proposals/:id/decline', POST: { permission: 'grant:manage', recentSignIn: true, records: ['grant.declined'] } },
  {
    path: '/api/grants/:id',
    PATCH: { permission: 'grant:manage', records: ['grant.changed', 'grant.proposed'] },
    DELETE: { permission: 'grant:manage', records: ['grant.removed'] },
  },

  // Documents
  { path: '/api/documents', GET: { permission: 'document:read', records: none('titles and states, no content') } },
  {
    path: '/api/collections/:id/documents',
    GET: { permission: 'document:read', records: none('titles and states, no content') },
    POST: { permission: 'document:edit', records: ['document.uploaded'] },
  },
  {
    path: '/api/documents/:id',
    GET: { permission: 'document:read', records: none('titles and states, no content') },
    PATCH: { permission: 'document:edit', records: ['document.changed'] },
    DELETE: { permission: 'document:edit', records: ['document.deleted'] },
  },
  { path: '/api/documents/:id/readers', GET: { permission: 'document:read', records: ['access.explained'] } },
  { path: '/api/documents/:id/restriction', PUT: { permission: 'grant:manage', records: ['document.changed', 'grant.proposed'] } },
  { path: '/api/documents/:id/opened', POST: { permission: 'document:read', records: ['document.opened'] } },
  { path: '/api/documents/:id/versions', POST: { permission: 'document:edit', records: ['version.uploaded'] } },
  { path: '/api/documents/:id/versions/:versionId/retry', POST: { permission: 'document:edit', records: ['version.retried'] } },
  { path: '/api/documents/:id/versions/:versionId/file', GET: { permission: 'document:read', records: ['document.opened', 'file.downloaded'] } },
  { path: '/api/documents/:id/versions/:versionId/blocks', GET: { permission: 'document:read', records: ['document.opened'] } },
  { path: '/api/documents/:id/versions/:versionId/passages', GET: { permission: 'document:read', records: ['document.opened'] } },
  { path: '/api/pdf-data/:folder/:file', GET: { permission: 'document:read', records: none('fonts and maps of pdf.js, the same for everybody') } },
  { path: '/api/documents/progress', GET: { permission: 'document:read', records: none('states, no content') } },
  { path: '/api/ingestion', GET: { permission: 'collection:manage', records: none('titles and states, no content') } },

  // Compliance
  { path: '/api/audit/records', GET: { permission: 'audit:read', records: ['audit.searched'] } },
  { path: '/api/audit/records/:seq', GET: { permission: 'audit:read', records: ['audit.opened'] } },
  { path: '/api/audit/count', GET: { permission: 'audit:read', records: none('a number; the list it belongs to is recorded') } },
  { path: '/api/audit/log', GET: { permission: 'audit:read', records: none('sizes, hashes and public keys, no record') } },
  { path: '/api/audit/export', GET: { permission: 'audit:read', records: ['audit.exported'] } },
  { path: '/api/audit/people', GET: { permission: 'audit:read', records: none('names to filter by, no record') } },

  // Programs
  { path: '/v1/models', GET: { permission: 'answer:ask', scopes: ['ask'], records: none('one name, the same for everybody') } },
  { path: '/v1/models/:id', GET: { permission: 'answer:ask', scopes: ['ask'], records: none('one name, the same for everybody') } },
  { path: '/v1/chat/completions', POST: { permission: 'answer:ask', scopes: ['ask'], records: ['question.asked', 'question.answered'] } },
  { path: '/mcp', POST: { permission: 'answer:ask', scopes: ['ask', 'search'], records: ['question.asked', 'question.answered', 'search.served'] } },

  // Provisioning
  {
    path: '/api/scim-clients',
    GET: { permission: 'provisioning:manage', records: none('names and times, which admins keep; no token') },
    POST: { permission: 'provisioning:manage', records: ['client.added'] },
  },
  { path: '/api/scim-clients/:id', DELETE: { permission: 'provisioning:manage', records: ['client.revoked'] } },
  {
    path: '/api/scim/v2/Users',
    GET: { permission: 'scim', records: none('what the directory itself keeps of people') },
    POST: { permission: 'scim', records: ['member.added'] },
  },
  {
    path: '/api/scim/v2/Users/:id',
    GET: { permission: 'scim', records: none('what the directory itself keeps of people') },
    POST: { permission: 'scim', records: none('a search, /Users/.search') },
    PUT: { permission: 'scim', records: ['member.changed'] },
    PATCH: { permission: 'scim', records: ['member.changed'] },
    DELETE: { permission: 'scim', records: ['member.removed'] },
  },
  {
    path: '/api/scim/v2/Groups',
    GET: { permission: 'scim', records: none('names of groups and who is in them, which the directory keeps') },
    POST: { permission: 'scim', records: ['group.added', 'membership.added'] },
  },
  {
    path: '/api/scim/v2/Groups/:id',
    GET: { permission: 'scim', records: none('names of groups and who is in them, which the directory keeps') },
    POST: { permission: 'scim', records: none('a search, /Groups/.search') },
    PUT: { permission: 'scim', records: ['group.changed', 'membership.added', 'membership.removed'] },
    PATCH: { permission: 'scim', records: ['group.changed', 'membership.added', 'membership.removed'] },
    DELETE: { permission: 'scim', records: ['group.removed', 'grant.removed'] },
  },
  { path: '/api/scim/v2/ServiceProviderConfig', GET: { permission: 'scim', records: none('the same for everybody') } },
  { path: '/api/scim/v2/ResourceTypes', GET: { permission: 'scim', records: none('the same for everybody') } },
  { path: '/api/scim/v2/ResourceTypes/:id', GET: { permission: 'scim', records: none('the same for everybody') } },
  { path: '/api/scim/v2/Schemas', GET: { permission: 'scim', records: none('the same for everybody') } },
  { path: '/api/scim/v2/Schemas/:id', GET: { permission: 'scim', records: none('the same for everybody') } },
  {
    path: '/api/scim/v2/:rest*',
    GET: { permission: 'scim', records: none('there is nothing at such an address') },
    POST: { permission: 'scim', records: none('there is nothing at such an address') },
    PUT: { permission: 'scim', records: none('there is nothing at such an address') },
    PATCH: { permission: 'scim', records: none('there is nothing at such an address') },
    DELETE: { permission: 'scim', records: none('there is nothing at such an address') },
  },

  // Every other address
  {
    path: '/v1/:rest*',
    GET: { permission: 'open', records: none('there is nothing at such an address') },
    POST: { permission: 'open', records: none('there is nothing at such an address') },
    PUT: { permission: 'open', records: none('there is nothing at such an address') },
    PATCH: { permission: 'open', records: none('there is nothing at such an address') },
    DELETE: { permission: 'open', records: none('there is nothing at such an address') },
  },
  {
    path: '/api/:rest*',
    GET: { permission: 'open', records: none('there is nothing at such an address') },
    POST: { permission: 'open', records: none('there is nothing at such an address') },
    PUT: { permission: 'open', records: none('there is nothing at such an address') },
    PATCH: { permission: 'open', records: none('there is nothing at such an address') },
    DELETE: { permission: 'open', records: none('there is nothing at such an address') },
  },
];
