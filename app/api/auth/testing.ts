/** For tests of the sign-in without a running product: its route handlers by address, and what the database then holds. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { signInActor, type MemberActor } from '#lib/actor.ts';
import { readActor } from '#lib/auth/session.ts';
import type { TestBrowser } from '#lib/auth/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { GET, POST } from './[...nextauth]/route.ts';
import { POST as backchannel } from './backchannel/[provider]/route.ts';
import { POST as acs } from './saml/[provider]/acs/route.ts';
import { GET as finish } from './saml/[provider]/finish/route.ts';
import { GET as metadata } from './saml/[provider]/metadata/route.ts';

export const secret = 'a secret for tests that is long enough';

/** A port of this test file's own, and the address of the product at it. */
export function newAppUrl(): string {
  return `http://127.0.0.1:${20_000 + Math.floor(Math.random() * 20_000)}`;
}

/** Answers requests below /api/auth as Next would route them. */
export async function app(request: Request): Promise<Response> {
  const segments = new URL(request.url).pathname.split('/').slice(3);
  const provider = segments[1] ?? '';
  const context = (params: Record<string, string | string[]>) => ({ params: Promise.resolve(params) });
  if (segments[0] === 'backchannel' && request.method === 'POST') return backchannel(request, context({ provider }));
  if (segments[0] === 'saml' && segments[2] === 'acs' && request.method === 'POST') return acs(request, context({ provider }));
  if (segments[0] === 'saml' && segments[2] === 'finish') return finish(request, context({ provider }));
  if (segments[0] === 'saml' && segments[2] === 'metadata') return metadata(request, context({ provider }));
  return (request.method === 'POST' ? POST : GET)(request, context({ nextauth: segments }));
}

/** Who the product takes that browser for. */
export function whoIs(browser: Pick<TestBrowser, 'cookies'>, appUrl: string): Promise<MemberActor | null> {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return readActor(new Request(appUrl, { headers: { cookie } }));
}

/** Everything that a sign-in writes, counted; two equal counts mean that nothing was written in between, half or whole. */
export async function countWritten(): Promise<Record<string, number>> {
  const found = await transaction(signInActor, (tx) =>
    sql<Record<string, number>>`
      select
        (select count(*) from sessions) as sessions,
        (select count(*) from members) as members,
        (select count(*) from accounts) as accounts,
        (select count(*) from memberships) as memberships`.execute(tx),
  );
  return found.rows[0] ?? {};
}

const auditor: MemberActor = { kind: 'member', id: randomUUID(), name: 'Auditor', email: 'auditor@elsewhere.example', role: 'compliance' };

/** Puts somebody in place who may read records. Call once after the database is there. */
export async function addAuditor(): Promise<void> {
  const { id, name, email, role } = auditor;
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id, name, email, role }).execute());
}

export interface ReadRecord {
  event: string;
  outcome: string;
  actor_id: string | null;
  details: Record<string, unknown>;
}

/** All records, oldest first. */
export async function records(): Promise<ReadRecord[]> {
  const rows = await transaction(auditor, (tx) => tx.selectFrom('audit_records').select('body').orderBy('seq').execute());
  return rows.map(({ body }) => JSON.parse(body.toString()) as ReadRecord);
}
