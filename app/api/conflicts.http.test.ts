/** Two people, or one in two windows, who change the same thing at the same moment in the running product. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { z } from 'zod';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { signIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { appUrl, call, read, readProblem, signedIn, skip, withId } from './testing.ts';

const collectionSchema = z.looseObject({ id: z.string(), name: z.string(), revision: z.number() });
const grantSchema = z.looseObject({ id: z.string(), permission: z.string(), revision: z.number() });
let second: TestBrowser;
let memberId = '';

before(async () => {
  if (skip !== false) return;
  second = testBrowser(appUrl);
  await signIn(second, appUrl, { account: demoAccounts.find((account) => account.role === 'admin')?.id ?? '' });
  memberId = (await read(await call(signedIn('employee'), 'GET /api/profile'), 200, withId)).id;
});

async function addCollection(): Promise<z.infer<typeof collectionSchema>> {
  return read(await call(signedIn('admin'), 'POST /api/collections', { json: { name: `Conflict ${randomUUID()}` } }), 201, collectionSchema);
}

/** Sends both at the same moment; the one that went through and the one that did not. */
async function race(requests: readonly Promise<Response>[], status: number): Promise<{ won: Response; lost: Response }> {
  const responses = await Promise.all(requests);
  const won = responses.filter((response) => response.status === status);
  const lost = responses.filter((response) => response.status !== status);
  const [winner] = won;
  const [loser] = lost;
  assert.ok(winner !== undefined && loser !== undefined && responses.length === 2, responses.map((response) => response.status).join(', '));
  return { won: winner, lost: loser };
}

test('of two admins who change one grant from the same page the second keeps what they wrote and sees what it is now', { skip }, async () => {
  const { id } = await addCollection();
  const grant = await read(await call(signedIn('admin'), `POST /api/collections/${id}/grants`, { json: { to: { kind: 'member', id: memberId }, permission: 'read' } }), 201, grantSchema);
  const change = (browser: TestBrowser | Promise<TestBrowser>, permission: string) => call(browser, `PATCH /api/grants/${grant.id}`, { json: { permission, expiresAt: null, revision: grant.revision } });
  const { won, lost } = await race([change(signedIn('admin'), 'edit'), change(second, 'read')], 200);
  const now = await read(won, 200, grantSchema);
  const problem = await readProblem(lost, 'edit-conflict');
  assert.deepEqual(z.looseObject({ permission: z.string(), revision: z.number() }).parse(problem['current']), { ...(problem['current'] as object), permission: now.permission, revision: now.revision });
  await readProblem(await call(second, `DELETE /api/grants/${grant.id}?revision=${grant.revision}`), 'edit-conflict');
  // One removes it while the other changes it: whoever comes second is told that it is gone, or that it changed.
  const [removed, changed] = await Promise.all([
    call(second, `DELETE /api/grants/${grant.id}?revision=${now.revision}`),
    call(signedIn('admin'), `PATCH /api/grants/${grant.id}`, { json: { permission: 'read', expiresAt: null, revision: now.revision } }),
  ]);
  if (removed.status === 204) await readProblem(changed, 'not-found');
  else {
    await readProblem(removed, 'edit-conflict');
    assert.equal(changed.status, 200);
  }
});

test('the same grant given twice at once is one grant', { skip }, async () => {
  const { id } = await addCollection();
  const give = (browser: TestBrowser | Promise<TestBrowser>) => call(browser, `POST /api/collections/${id}/grants`, { json: { to: { kind: 'member', id: memberId }, permission: 'read' } });
  await readProblem((await race([give(signedIn('admin')), give(second)], 201)).lost, 'already-exists');
  assert.equal((await read(await call(second, `GET /api/collections/${id}/grants`), 200, z.object({ items: z.array(z.unknown()) }))).items.length, 1);
});

test('one name for two collections or two groups is refused, also at the same moment; for collections in any case of letters', { skip }, async () => {
  for (const path of ['/api/collections', '/api/groups']) {
    const name = `Twice ${randomUUID()}`;
    const add = (browser: TestBrowser | Promise<TestBrowser>, written: string) => call(browser, `POST ${path}`, { json: { name: written } });
    const { lost } = await race([add(signedIn('admin'), name), add(second, ` ${name} `)], 201);
    await readProblem(lost, 'already-exists');
    if (path === '/api/collections') await readProblem(await add(second, name.toUpperCase()), 'already-exists');
  }
});

test('of two who rename one collection at once the second is told', { skip }, async () => {
  const made = await addCollection();
  const rename = (browser: TestBrowser | Promise<TestBrowser>) => call(browser, `PATCH /api/collections/${made.id}`, { json: { name: `Renamed ${randomUUID()}`, revision: made.revision } });
  const { won, lost } = await race([rename(signedIn('admin')), rename(second)], 200);
  const problem = await readProblem(lost, 'edit-conflict');
  assert.equal((problem['current'] as { name: string }).name, (await read(won, 200, collectionSchema)).name);
});

test('a collection that holds documents stays, with how many it holds', { skip }, async () => {
  const { id } = await addCollection();
  const stored = await read(await call(signedIn('admin'), `POST /api/collections/${id}/grants`, { json: { to: { kind: 'member', id: memberId }, permission: 'edit' } }), 201, withId)
    .then(async () => read(await call(signedIn('employee'), `POST /api/collections/${id}/documents?name=stays.txt`, { body: `It stays. ${randomUUID()}` }), 201, withId));
  const problem = await readProblem(await call(signedIn('admin'), `DELETE /api/collections/${id}`), 'edit-conflict');
  assert.equal(problem['documents'], 1);
  assert.equal((await call(signedIn('employee'), `GET /api/documents/${stored.id}`)).status, 200);
  // An upload at the moment of removal is kept with its collection, or refused because that is gone: never lost between.
  assert.equal((await call(signedIn('employee'), `DELETE /api/documents/${stored.id}`)).status, 204);
  const [removed, uploaded] = await Promise.all([
    call(signedIn('admin'), `DELETE /api/collections/${id}`),
    call(signedIn('employee'), `POST /api/collections/${id}/documents?name=late.txt`, { body: `Late. ${randomUUID()}` }),
  ]);
  if (removed.status === 204) await readProblem(uploaded, 'not-found');
  else {
    await readProblem(removed, 'edit-conflict');
    assert.equal(uploaded.status, 201);
  }
});

test('a collection deleted twice is gone once', { skip }, async () => {
  const { id } = await addCollection();
  await readProblem((await race([call(signedIn('admin'), `DELETE /api/collections/${id}`), call(second, `DELETE /api/collections/${id}`)], 204)).lost, 'not-found');
});
