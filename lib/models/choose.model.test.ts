/** An admin's choice of a model leaves a record of what served before and after; a choice that fails leaves none. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { seedActor, type MemberActor, type Role } from '#lib/actor.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { overrideEnv } from '#lib/env.ts';
import { chooseModel } from './choose.ts';
import { addModel, makeModelsDir, startModelsProcess, type ModelsProcess } from './testing.ts';
import { tinyGenerator } from './testing-gguf.ts';

let database: TestDatabase;
let models: ModelsProcess;
let folder: string;
let admin: MemberActor;
let compliance: MemberActor;

async function member(role: Role): Promise<MemberActor> {
  const id = randomUUID();
  await transaction(seedActor, (tx) => tx.insertInto('members').values({ id, email: `${id}@example.test`, name: role, role }).execute());
  return { kind: 'member', id, name: role, email: `${id}@example.test`, role };
}
before(async () => {
  database = await openTestDatabase();
  [admin, compliance] = [await member('admin'), await member('compliance')];
  folder = await makeModelsDir(['generator']);
  await addModel(folder, 'other.gguf', tinyGenerator({ name: 'other' }));
  models = await startModelsProcess({ modelsDir: folder, ready: ['generator'] });
  overrideEnv({ MODELS_URL: models.url, MODELS_KEY: models.key, MODELS_EMBEDDER: '' });
});
after(async () => {
  await models.stop();
  await rm(folder, { recursive: true });
  await database.stop();
});

test('a choice is recorded with the files before and after, one that fails is not', async () => {
  await assert.rejects(chooseModel(admin, { role: 'generator', file: 'missing.gguf' }));
  await chooseModel(admin, { role: 'generator', file: 'other.gguf' });
  const rows = await transaction(compliance, (tx) => tx.selectFrom('audit_records').select(['actor_id', 'subject_id', 'body']).where('event', '=', 'model.chosen').execute());
  assert.deepEqual(rows.map(({ actor_id: actor, subject_id: subject }) => [actor, subject]), [[admin.id, 'other.gguf']]);
  const { details } = JSON.parse(rows[0]?.body.toString('utf8') ?? '') as { details: { role: string; before: { file: string | null }; after: { file: string } } };
  assert.deepEqual([details.role, details.after.file], ['generator', 'other.gguf']);
  assert.notEqual(details.before.file, 'missing.gguf');
});
