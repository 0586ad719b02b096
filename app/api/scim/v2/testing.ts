/** For tests of provisioning over HTTP: a directory with a token of its own, and what it sends and is answered. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { appUrl, call, read, signedIn, withId } from '../../testing.ts';

export const userUrn = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const groupUrn = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const searchUrn = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';
export const listUrn = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const errorUrn = 'urn:ietf:params:scim:api:messages:2.0:Error';

export type Body = Record<string, unknown>;
export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}
export interface Sent {
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}
export interface Directory {
  id: string;
  token: string;
  /** `await send('PATCH /Users/1', { json })`; the address stands below the interface's own. */
  send: (methodAndPath: string, sent?: Sent) => Promise<Answer>;
}

/** A directory whose token an admin has just made. */
export async function makeDirectory(options: { adminRole?: string; days?: number } = {}): Promise<Directory> {
  const json = { name: `Directory ${randomUUID()}`, days: 30, ...options };
  const { id, token } = await read(await call(signedIn('admin'), 'POST /api/scim-clients', { json }), 201, withId.extend({ token: z.string() }));
  return { id, token, send: (methodAndPath, sent) => sendAs(`Bearer ${token}`, methodAndPath, sent) };
}

/** One request with that header Authorization, or none. */
export async function sendAs(authorization: string | undefined, methodAndPath: string, { json, text, headers }: Sent = {}): Promise<Answer> {
  const [method = '', path = ''] = methodAndPath.split(/ (.*)/s);
  const body = json === undefined ? text : JSON.stringify(json);
  const response = await fetch(`${appUrl}/api/scim/v2${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(authorization === undefined ? {} : { authorization }), ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const answered = await response.text();
  if (answered !== '') assert.equal(response.headers.get('content-type'), 'application/scim+json', `${response.status} ${answered.slice(0, 300)}`);
  return { status: response.status, headers: response.headers, body: answered === '' ? {} : (JSON.parse(answered) as Body) };
}

/** A user of whom nothing else in the tests knows, as it is sent. */
export function somebody(changes: Body = {}): Body {
  const name = `p${randomUUID().slice(0, 8)}`;
  return {
    schemas: [userUrn],
    externalId: randomUUID(),
    userName: `${name}@people.example`,
    displayName: `Person ${name}`,
    name: { givenName: 'Person', familyName: name },
    emails: [{ value: `${name}@people.example`, type: 'work', primary: true }],
    active: true,
    ...changes,
  };
}

export async function addUser(directory: Directory, changes: Body = {}): Promise<Body & { id: string }> {
  return made(await directory.send('POST /Users', { json: somebody(changes) }));
}

export async function addGroup(directory: Directory, changes: Body = {}): Promise<Body & { id: string }> {
  return made(await directory.send('POST /Groups', { json: { schemas: [groupUrn], displayName: `Group ${randomUUID()}`, ...changes } }));
}

function made({ status, body }: Answer): Body & { id: string } {
  assert.equal(status, 201, JSON.stringify(body));
  assert.ok(typeof body['id'] === 'string');
  return { ...body, id: body['id'] };
}

/** A PATCH body with these operations. */
export function patch(...operations: Body[]): Sent {
  return { json: { schemas: [patchUrn], Operations: operations } };
}

/** Holds a refusal to RFC 7644 section 3.12. */
export function assertRefused({ status, body }: Answer, expected: number, scimType?: string): void {
  const what = JSON.stringify(body).slice(0, 500);
  assert.equal(status, expected, what);
  assert.deepEqual(body['schemas'], [errorUrn], what);
  assert.equal(body['status'], String(expected), what);
  assert.equal(body['scimType'], scimType, what);
  assert.ok(typeof body['detail'] === 'string' && body['detail'] !== '', what);
}

/** The answer's body when it succeeded with that status. */
export function granted({ status, body }: Answer, expected = 200): Body {
  assert.equal(status, expected, JSON.stringify(body).slice(0, 1000));
  return body;
}

/** The resources of a list. */
export function resourcesOf(body: Body): Body[] {
  assert.deepEqual(body['schemas'], [listUrn]);
  assert.ok(Array.isArray(body['Resources']));
  return body['Resources'] as Body[];
}

/** Query of an address. */
export function query(parameters: Record<string, string | number>): string {
  return `?${new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)]))}`;
}

/** Values of the members of a group, sorted. */
export function membersIn(group: Body): string[] {
  return ((group['members'] ?? []) as Body[]).map((each) => String(each['value'])).sort();
}
