/**
 * Shows that the random companies find what is wrong: the database is broken in one place at a time, as somebody might
 * break it by mistake, and each time a company must be found in which a path shows too much or too little.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import pg from 'pg';
import { worlds, worldSizes, type World } from '#lib/access/testing-world.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { openTestFiles } from '#lib/documents/testing.ts';
import { surroundings } from '#lib/env.ts';
import { closeQueue } from '#lib/jobs/jobs.ts';
import { startTestModels, type TestModels } from './testing-models.ts';
import { paths } from './testing-paths.ts';
import { tryWorld } from './testing-try.ts';

const seed = Number(surroundings()['ATTEST_SEED'] ?? 20261123);
const companiesMax = 80;
const unbrokenCompanies = 5;

let database: TestDatabase;
let files: Awaited<ReturnType<typeof openTestFiles>>;
let models: TestModels;
let owner: pg.Client;
before(async () => {
  database = await openTestDatabase();
  files = await openTestFiles();
  models = await startTestModels();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
});
after(async () => {
  await closeQueue();
  await owner.end();
  await database.stop();
  await models.stop();
  await files.stop();
});

/** Says what of a function or a policy is written otherwise, and puts it back afterwards. */
type Mutation = { function: string; from: string | RegExp; to: string } | { policy: string; on: string; using: string };

async function break_(mutation: Mutation): Promise<string> {
  if ('function' in mutation) {
    const { rows } = await owner.query<{ text: string }>(`select pg_get_functiondef($1::regprocedure) as text`, [mutation.function]);
    const text = rows[0]?.text ?? '';
    const broken = text.replace(mutation.from, mutation.to);
    assert.notEqual(broken, text, `${mutation.function} no longer says what is broken here`);
    await owner.query(broken);
    return text;
  }
  const { rows } = await owner.query<{ qual: string }>('select qual from pg_policies where policyname = $1 and tablename = $2', [mutation.policy, mutation.on]);
  assert.ok(rows[0], `there is no policy ${mutation.policy} on ${mutation.on}`);
  await owner.query(`alter policy ${mutation.policy} on ${mutation.on} using (${mutation.using})`);
  return `alter policy ${mutation.policy} on ${mutation.on} using (${rows[0].qual})`;
}

const mutants: Record<string, Mutation> = {
  'a grant that has ended counts': { function: 'grants_of(uuid)', from: '(g.expires_at is null or g.expires_at > now())', to: 'true' },
  'a grant with an end never counts': { function: 'grants_of(uuid)', from: 'or g.expires_at > now()', to: '' },
  'grants of a disabled member count': { function: 'grants_of(uuid)', from: 'and m.disabled_at is null', to: '' },
  'a grant to any group counts': { function: 'grants_of(uuid)', from: 'group_id = any(array(select groups_of(member)))', to: 'group_id is not null' },
  'groups inside groups are forgotten': { function: 'groups_of(uuid)', from: 's.group_id = n.inner_group_id', to: 's.group_id = n.inner_group_id and false' },
  'groups inside groups are read the wrong way round': { function: 'groups_of(uuid)', from: 'select n.outer_group_id from group_nestings n join standing s on s.group_id = n.inner_group_id', to: 'select n.inner_group_id from group_nestings n join standing s on s.group_id = n.outer_group_id' },
  'the group of everyone is forgotten': { function: 'groups_of(uuid)', from: 'where e.everyone', to: 'where false' },
  'a restricted document is read like any other': { function: 'readable_documents_of(uuid)', from: 'not d.restricted and', to: '' },
  'a deleted document is read': { function: 'readable_documents_of(uuid)', from: 'd.deleted_at is null', to: 'true' },
  'a deleted document with grants of its own is read': { function: 'readable_documents_of(uuid)', from: /d\.deleted_at is null(?=\s*\$)/, to: 'true' },
  'a grant on one document opens its collection': { function: 'readable_documents_of(uuid)', from: 'from granted where document_id is null', to: 'from granted' },
  'a right to read is a right to edit': { function: 'may_edit_document(uuid)', from: "and g.permission = 'edit'", to: '' },
  'restricted documents are edited by the collection\'s editors': { function: 'may_edit_document(uuid)', from: 'not d.restricted and', to: '' },
  'everybody is told who can read a document': { function: 'may_explain_document(uuid)', from: /select coalesce[^]*?(?=\n?\$)/, to: 'select true' },
  'everybody is told what others can read': { function: 'may_explain_member(uuid)', from: /select coalesce[^]*?(?=\n?\$)/, to: 'select true' },
  'search looks in every document': { function: 'current_versions()', from: 'from readable_documents_of(actor_id()) as readable (id)', to: 'from (select id from documents) as readable (id)' },
  'passages are everybody\'s': { policy: 'member_reads', on: 'chunks', using: 'true' },
  'vectors are everybody\'s': { policy: 'member_reads', on: 'vectors', using: 'true' },
  'words of the index are everybody\'s': { policy: 'member_reads', on: 'postings', using: 'true' },
  'admins read content': { policy: 'member_reads', on: 'blocks', using: "document_id in (select readable_documents()) or (select actor_role()) = 'admin'" },
  'documents are listed for everybody': { policy: 'member_reads', on: 'documents', using: '(select actor_role()) is not null' },
  'collections are listed for everybody': { policy: 'member_reads', on: 'collections', using: '(select actor_role()) is not null' },
  'grants are listed for everybody': { policy: 'member_reads', on: 'grants', using: '(select actor_role()) is not null' },
  'answers are never withheld': { policy: 'owner_while_readable', on: 'answers', using: 'member_id = actor_id()' },
  'passages behind an answer are never withheld': { policy: 'owner_while_readable', on: 'evidence', using: 'member_id = actor_id()' },
  'conversations are everybody\'s': { policy: 'owner_alone', on: 'conversations', using: '(select actor_role()) is not null' },
  'turns are everybody\'s': { policy: 'owner_alone', on: 'turns', using: '(select actor_role()) is not null' },
};

// Those that take no model: what is broken is below all of them.
const tried = paths.filter(({ name, cheap }) => cheap || /^(?:list|grants|history|conversations|who can|what somebody)/.test(name));

/** Those in which most can go wrong first. */
const companies: readonly World[] = fc.sample(worlds(worldSizes.small), { numRuns: companiesMax, seed }).toSorted((left, right) => size(right) - size(left));

function size({ members, documents, grants, nestings, memberships }: World): number {
  return [members, documents, grants, nestings, memberships].reduce((sum, each) => sum + each.length, 0);
}

/** What was wrong in the first company in which something was. */
async function findCompany(count: number, mutation?: Mutation): Promise<string[] | undefined> {
  for (const world of companies.slice(0, count)) {
    const meanwhile = mutation === undefined ? {} : { meanwhile: () => break_(mutation).then((original) => () => owner.query(original)) };
    const { leaks, refusals } = await tryWorld(world, { models, perMember: 2, isQuick: true, paths: tried, ...meanwhile });
    if (leaks.length + refusals.length > 0) return [...leaks, ...refusals];
  }
  return undefined;
}

for (const [name, mutation] of Object.entries(mutants)) {
  test(`it is noticed when ${name} (seed ${seed})`, async () => {
    const found = await findCompany(companiesMax, mutation);
    assert.ok(found, `${companiesMax} companies with seed ${seed} show nothing wrong`);
  });
}

test(`unbroken, the same companies show nothing wrong (seed ${seed})`, async () => assert.equal(await findCompany(unbrokenCompanies), undefined));
