/** Who can sign in at the demo provider is who works at the demo company, with the same role and groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoAccounts } from '#lib/auth/demo/accounts.ts';
import { groups, members } from './company.ts';

test('the demo provider knows the members of the demo company and nobody else', () => {
  const expected = members.map(({ name, email, role, groups: slugs, job }) => {
    const names = groups.filter(({ slug }) => slug !== 'everyone' && slugs.includes(slug)).map((group) => group.name);
    return { id: name.toLowerCase().replaceAll(' ', '-'), name, email, role, groups: names, job };
  });
  assert.deepEqual(demoAccounts, expected);
});
