/** Provisioning over HTTP: every comparison and every way to combine them, and filters that are none. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import { skip } from '../../testing.ts';
import { addGroup, addUser, assertRefused, granted, makeDirectory, query, resourcesOf, userUrn, type Body, type Directory } from './testing.ts';

let directory: Directory;
const mark = `f${randomUUID().slice(0, 8)}`;
const people: (Body & { id: string })[] = [];

before(async () => {
  if (skip !== false) return;
  directory = await makeDirectory();
  people.push(
    await addUser(directory, { userName: `${mark}.ada@people.example`, displayName: `${mark} Ada`, name: { givenName: 'Ada', familyName: 'Quote"d' }, emails: [{ value: `${mark}.a@work.example`, type: 'work', primary: true }, { value: `${mark}.a@home.example`, type: 'home' }] }),
    await addUser(directory, { userName: `${mark}.BOB@people.example`, displayName: `${mark} Bob`, name: { givenName: 'Bob' }, active: false, emails: [{ value: `${mark}.b@home.example`, type: 'home' }] }),
    await addUser(directory, { userName: `${mark}.eve@people.example`, displayName: `${mark} Ève 100% _x\\y`, name: undefined, emails: undefined }),
  );
});

/** Who of the three is found, by the first letter of their userName after the mark. */
async function find(filter: string): Promise<string> {
  const found = resourcesOf(granted(await directory.send(`GET /Users${query({ filter: `userName sw "${mark}" and (${filter})`, sortBy: 'userName' })}`)));
  return found.map((each) => String(each['userName']).toLowerCase().charAt(mark.length + 1)).join('');
}

const cases: readonly (readonly [filter: () => string, found: string])[] = [
  [() => `userName eq "${mark}.ADA@people.example"`, 'a'],
  [() => `USERNAME EQ "${mark}.ada@PEOPLE.example"`, 'a'],
  [() => `userName ne "${mark}.ada@people.example"`, 'be'],
  [() => 'userName co ".bob@"', 'b'],
  [() => `userName sw "${mark}.E"`, 'e'],
  [() => 'displayName ew "ADA"', 'a'],
  [() => 'displayName co "100%"', 'e'],
  [() => 'displayName co "_x\\\\y"', 'e'],
  [() => 'displayName co "%"', 'e'],
  [() => 'displayName co "èVE"', 'e'],
  [() => 'name.familyName eq "quote\\"d"', 'a'],
  [() => 'name.givenName pr', 'ab'],
  [() => 'name pr', 'ab'],
  [() => 'not (name.givenName pr)', 'e'],
  [() => 'name.givenName eq null', 'e'],
  [() => 'name.givenName ne null', 'ab'],
  [() => 'name.givenName ne "Ada"', 'be'],
  [() => 'name.givenName gt "ada"', 'b'],
  [() => 'name.givenName ge "ADA"', 'ab'],
  [() => 'name.givenName lt "bob"', 'a'],
  [() => 'name.givenName le "Bob"', 'ab'],
  [() => 'active eq true', 'ae'],
  [() => 'active eq "False"', 'b'],
  [() => 'active ne true', 'b'],
  [() => 'emails pr', 'ab'],
  [() => 'emails co "home.example"', 'ab'],
  [() => `emails.value eq "${mark}.A@work.example"`, 'a'],
  [() => 'emails.type eq "work"', 'a'],
  [() => 'emails[type eq "work" and value co "@home"]', ''],
  [() => 'emails.type eq "work" and emails.value co "@home"', 'a'],
  [() => 'emails[type eq "home" and not (value sw "x")]', 'ab'],
  [() => 'emails[primary eq true]', 'a'],
  [() => `${userUrn}:displayName ew "Bob"`, 'b'],
  [() => `${userUrn}:name.givenName eq "Bob"`, 'b'],
  [() => `id eq "${people[0]?.id}"`, 'a'],
  [() => `id eq "${people[0]?.id.toUpperCase()}"`, ''],
  [() => `externalId eq "${people[1]?.['externalId']}"`, 'b'],
  [() => 'id eq "no id"', ''],
  [() => 'active eq true and name.givenName eq "Bob" or name.givenName eq "Ada"', 'a'],
  [() => 'name.givenName eq "Ada" or active eq true and name.givenName eq "Bob"', 'a'],
  [() => '(active eq true or active eq false) and not (active eq true and name.givenName eq "Ada")', 'be'],
  [() => 'not (not (active eq true))', 'ae'],
  [() => 'title pr', ''],
  [() => 'title eq null', 'abe'],
  [() => 'meta.created gt "2020-01-01T00:00:00Z"', 'abe'],
  [() => 'meta.lastModified lt "2020-01-01T00:00:00Z"', ''],
  [() => `meta.created eq "${(people[0]?.['meta'] as Body)['created']}"`, 'a'],
  [() => 'meta.resourceType eq "User"', 'abe'],
  [() => 'groups pr', ''],
  [() => 'roles[value eq "none"]', ''],
  [() => 'userName sw ""', 'abe'],
];

for (const [index, [filter, found]] of cases.entries()) {
  test(`filter ${index + 1} of ${cases.length} finds "${found}"`, { skip }, async () => assert.equal(await find(filter()), found, filter()));
}

const wrong = [
  'userName', 'userName eq', 'userName xx "a"', 'eq "a"', 'userName eq "a" and', 'userName eq "a" or or userName eq "b"', '(userName eq "a"', 'userName eq "a")', 'emails[type eq "a"', 'emails[type eq "a"]]', 'userName[value eq "a"]',
  'nothing eq "a"', 'userName.more eq "a"', 'userName eq a', 'userName eq "a', "userName eq 'a'", 'userName eq 7', 'userName gt null', 'active gt true', 'active eq "maybe"', 'active co true', 'name eq "a"', 'meta.created gt "yesterday"',
  'meta.created co "2020-01-01"', 'not userName eq "a"', 'userName eq "a\\q"', 'userName eq "\u0000"', '()', ' ', '"a" eq userName', 'userName eq "a" userName eq "b"', `userName eq "${'x'.repeat(5000)}"`, `${'('.repeat(50)}userName pr${')'.repeat(50)}`,
  Array.from({ length: 210 }, () => 'userName pr').join(' or '), 'emails[nothing eq "a"]', "userName eq \"a\"; drop table members; --",
];

for (const [index, filter] of wrong.entries()) {
  test(`what is no filter is told so, ${index + 1} of ${wrong.length}`, { skip }, async () => assertRefused(await directory.send(`GET /Users${query({ filter })}`), 400, 'invalidFilter'));
}

test('a filter that would grow without bound elsewhere is answered at once', { skip }, async () => {
  const filter = Array.from({ length: 40 }, (_, index) => `(displayName eq "a${index}" or displayName eq "b${index}")`).join(' and ');
  const started = performance.now();
  assert.equal(granted(await directory.send(`GET /Users${query({ filter })}`))['totalResults'], 0);
  assert.ok(performance.now() - started < 2000);
});

test('groups are found by name, by id of theirs and by who is in them', { skip }, async () => {
  const group = await addGroup(directory, { displayName: `${mark} Group`, externalId: `${mark}-x`, members: [{ value: people[0]?.id }] });
  for (const filter of [`displayName eq "${mark} GROUP"`, `externalId eq "${mark}-x"`, `id eq "${group.id}"`, `members.value eq "${people[0]?.id}"`, `members eq "${people[0]?.id}"`, `id eq "${group.id}" and members[value eq "${people[0]?.id}" and type eq "User"]`]) {
    assert.deepEqual(resourcesOf(granted(await directory.send(`GET /Groups${query({ filter })}`))).map((each) => each['id']), [group.id], filter);
  }
  assert.equal(granted(await directory.send(`GET /Groups${query({ filter: `displayName eq "${mark} Group" and members.value eq "${people[1]?.id}"` })}`))['totalResults'], 0);
  assert.equal(await find(`groups.value eq "${group.id}"`), 'a');
  assert.equal(await find(`groups.display eq "${mark} group"`), 'a');
});
