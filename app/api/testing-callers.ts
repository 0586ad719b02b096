/**
 * For tests of the running product: every kind of caller that there is, and what the matrix of routes says each may do.
 * People beyond the three of the demo are written into the database as its owner, signed in by a session row.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isPermitted } from '#lib/access/permissions.ts';
import type { Role } from '#lib/actor.ts';
import { sessionCookieName } from '#lib/auth/cookies.ts';
import { hashToken, newSessionToken } from '#lib/auth/session.ts';
import { testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { overrideEnv } from '#lib/env.ts';
import type { MatrixCell, MatrixRow } from '#lib/http/matrix.ts';
import { appUrl, call, ownerDatabase, read, signedIn, whenAllowed, withId } from './testing.ts';

export interface Caller {
  name: string;
  browser: TestBrowser;
  /** Sent with every request. */
  headers: Record<string, string>;
  /** What it is taken for: nobody, a member of that role, a program with a key of a member, a directory. */
  kind: 'nobody' | Role | 'key' | 'directory';
}

/** The ten kinds of caller. The editor may edit that collection; the employee of no group reads nothing but what everyone may. */
export async function makeCallers(collectionId?: string): Promise<Caller[]> {
  overrideEnv({ ATTEST_URL: appUrl });
  const editor = await addPerson('editor');
  if (collectionId !== undefined) await call(signedIn('admin'), `POST /api/collections/${collectionId}/grants`, { json: { to: { kind: 'member', id: editor.id }, permission: 'edit' } });
  const [ended, disabled, stranger] = [await addPerson('ended'), await addPerson('disabled'), await addPerson('stranger')];
  await ownerDatabase().updateTable('sessions').set({ expires_at: new Date(Date.now() - 1000) }).where('member_id', '=', ended.id).execute();
  // Straight in the table: whoever is disabled by the product loses the session too, and both must be refused.
  await ownerDatabase().updateTable('members').set({ disabled_at: new Date() }).where('id', '=', disabled.id).execute();
  const plain = { headers: {} };
  return [
    { name: 'nobody', browser: testBrowser(appUrl), kind: 'nobody', ...plain },
    { name: 'somebody whose session has ended', browser: ended.browser, kind: 'nobody', ...plain },
    { name: 'somebody who is disabled', browser: disabled.browser, kind: 'nobody', ...plain },
    { name: 'an employee', browser: await signedIn('employee'), kind: 'employee', ...plain },
    { name: 'an employee of no group', browser: stranger.browser, kind: 'employee', ...plain },
    { name: 'an editor', browser: editor.browser, kind: 'employee', ...plain },
    { name: 'an admin', browser: await signedIn('admin'), kind: 'admin', ...plain },
    { name: 'compliance', browser: await signedIn('compliance'), kind: 'compliance', ...plain },
    { name: 'a program with an API key', browser: testBrowser(appUrl), kind: 'key', headers: { authorization: `Bearer ${await makeKey()}` } },
    { name: 'a directory', browser: testBrowser(appUrl), kind: 'directory', headers: { authorization: `Bearer ${await makeDirectory()}` } },
  ];
}

/** Whether the matrix lets that caller call the route at all. */
export function isLetIn({ kind }: Caller, cell: MatrixCell): boolean {
  if (cell.permission === 'open') return true;
  if (cell.permission === 'scim') return kind === 'directory';
  if (cell.scopes !== undefined) return kind === 'key';
  return kind !== 'nobody' && kind !== 'key' && kind !== 'directory' && isPermitted(kind, cell.permission);
}

/** Every cell of the matrix with its method and path. */
export function cellsOf(rows: readonly MatrixRow[]): { path: string; method: string; cell: MatrixCell }[] {
  return rows.flatMap(({ path, ...row }) => {
    const cells: Readonly<Record<string, MatrixCell | undefined>> = row;
    return Object.entries(cells).flatMap(([method, cell]) => (cell === undefined ? [] : [{ path, method, cell }]));
  });
}

/** An address of the route with ids that belong to nothing, so that a call which is let through changes nothing. */
export function addressOf(path: string): string {
  return path.replace(/:seq\b/g, '999999999').replace(/:\w+\*?/g, () => randomUUID());
}

export function send({ browser, headers: own }: Pick<Caller, 'browser' | 'headers'>, { method, address, headers = {}, origin = appUrl }: { method: string; address: string; headers?: Record<string, string> | undefined; origin?: string }): Promise<Response> {
  const writes = method === 'GET' ? {} : { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', origin: new URL(origin).origin };
  return whenAllowed(() => browser.send(`${origin}${address}`, { method, headers: { ...writes, ...own, ...headers }, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }) }));
}

async function addPerson(name: string): Promise<{ id: string; browser: TestBrowser }> {
  const [id, token, browser] = [randomUUID(), newSessionToken(), testBrowser(appUrl)];
  await ownerDatabase().insertInto('members').values({ id, email: `${id}@example.test`, name: `Test ${name}`, role: 'employee' }).execute();
  await ownerDatabase().insertInto('sessions').values({ id: randomUUID(), token_sha256: hashToken(token), member_id: id, expires_at: new Date(Date.now() + 3_600_000) }).execute();
  browser.cookies.set(sessionCookieName(), token);
  return { id, browser };
}

async function makeKey(): Promise<string> {
  const json = { name: `Tests ${randomUUID()}`, scopes: ['ask', 'search'], days: 1 };
  return (await read(await call(signedIn('employee'), 'POST /api/keys', { json }), 201, withId.extend({ key: z.string() }))).key;
}

async function makeDirectory(): Promise<string> {
  const json = { name: `Tests ${randomUUID()}`, days: 1 };
  return (await read(await call(signedIn('admin'), 'POST /api/scim-clients', { json }), 201, withId.extend({ token: z.string() }))).token;
}
