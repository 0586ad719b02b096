/** What claims of a provider are taken for, well-formed and hostile ones. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readIdentity } from './identity.ts';

const company = { provider: 'company', groupsClaim: 'groups', trustsRole: false };
const demo = { provider: 'demo', groupsClaim: 'groups', trustsRole: true };

test('an e-mail address is lower-cased and keeps whether it is verified', () => {
  const identity = readIdentity({ sub: '1', email: 'Mara.Kovac@Halden.Example', email_verified: 'true', name: 'Mara' }, company);
  assert.deepEqual(identity.email, { address: 'mara.kovac@halden.example', verified: true });
});

test('an e-mail address that is missing, of another type or dangerous is never used', () => {
  assert.equal(readIdentity({ sub: '1' }, company).email, 'missing');
  assert.equal(readIdentity({ sub: '1', email: ['a@x.example'] }, company).email, 'missing');
  for (const email of ['a', '@x', 'a@', 'a@b@c', 'a b@x.example', 'a@x.example\nBcc: b', 'a\u0000@x.example', '\uff41@x.example', 'a\u200b@x.example', '"a"@x.example', 'a@x.example,b@y.example '.repeat(20)]) {
    assert.equal(readIdentity({ sub: '1', email }, company).email, 'unusable', JSON.stringify(email));
  }
});

test('a role claim counts from the demo provider alone', () => {
  assert.equal(readIdentity({ sub: '1', role: 'admin' }, demo).role, 'admin');
  assert.equal(readIdentity({ sub: '1', role: 'admin' }, company).role, undefined);
  assert.equal(readIdentity({ sub: '1', role: 'root' }, demo).role, undefined);
});

test('a groups claim that is missing, of another type or Entra’s overage pointer means no groups', () => {
  for (const groups of [undefined, null, 7, {}, [1, 2], Array.from({ length: 1001 }, String)]) assert.deepEqual(readIdentity({ sub: '1', groups }, company).groups, []);
  assert.deepEqual(readIdentity({ sub: '1', _claim_names: { groups: 'src1' }, _claim_sources: { src1: { endpoint: 'https://graph.example' } } }, company).groups, []);
  assert.deepEqual(readIdentity({ sub: '1', groups: 'One' }, company).groups, ['One']);
  assert.deepEqual(readIdentity({ sub: '1', roles: ['A', 'B'] }, { ...company, groupsClaim: 'roles' }).groups, ['A', 'B']);
});

test('without a subject there is no identity', () => {
  for (const sub of [undefined, null, '', 7, 'x'.repeat(256)]) assert.throws(() => readIdentity({ sub, email: 'a@x.example' }, company));
});

test('no claims at all make anything but an error or an identity without rights beyond what they name', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('sub', 'email', 'email_verified', 'name', 'groups', 'role', '__proto__', 'constructor'), fc.anything()), (claims) => {
      try {
        const identity = readIdentity(claims, company);
        assert.equal(identity.role, undefined);
        assert.equal(typeof identity.subject, 'string');
        if (typeof identity.email !== 'string') assert.equal(identity.email.address, identity.email.address.toLowerCase());
      } catch (error) {
        assert.equal(error instanceof Error && error.name, '$ZodError'.replace('$', ''));
      }
    }),
  );
});

test('groups are found by the claim’s whole name first, then by its way through objects', () => {
  const nested = { ...company, groupsClaim: 'realm_access.roles' };
  assert.deepEqual(readIdentity({ sub: '1', realm_access: { roles: ['A', 'B'] } }, nested).groups, ['A', 'B']);
  assert.deepEqual(readIdentity({ sub: '1', 'realm_access.roles': ['C'], realm_access: { roles: ['A'] } }, nested).groups, ['C']);
  assert.deepEqual(readIdentity({ sub: '1', 'https://halden.example/groups': ['D'] }, { ...company, groupsClaim: 'https://halden.example/groups' }).groups, ['D']);
  for (const claims of [{}, { realm_access: null }, { realm_access: [] }, { realm_access: 'roles' }, { realm_access: { roles: { 0: 'A' } } }, { realm_access: { other: ['A'] } }]) {
    assert.deepEqual(readIdentity({ sub: '1', ...claims }, nested).groups, [], JSON.stringify(claims));
  }
  for (const groupsClaim of ['__proto__', 'constructor.name', 'realm_access.__proto__', 'realm_access.constructor']) {
    assert.deepEqual(readIdentity({ sub: '1', realm_access: { roles: ['A'] } }, { ...company, groupsClaim }).groups, [], groupsClaim);
  }
});

test('why there are no groups is told apart', () => {
  assert.equal(readIdentity({ sub: '1' }, company).groupsNote, 'missing');
  assert.equal(readIdentity({ sub: '1', groups: 7 }, company).groupsNote, 'wrong-type');
  assert.equal(readIdentity({ sub: '1', groups: Array.from({ length: 1001 }, String) }, company).groupsNote, 'too-many');
  assert.equal(readIdentity({ sub: '1', _claim_names: { groups: 'src1' } }, company).groupsNote, 'overage');
  assert.equal(readIdentity({ sub: '1', hasgroups: true }, company).groupsNote, 'overage');
  assert.equal(readIdentity({ sub: '1', groups: ['A'] }, company).groupsNote, undefined);
});

test('an address counts as verified where the provider is trusted with that, and never where it says it is not', () => {
  const trusted = { ...company, trustsEmail: true };
  assert.deepEqual(readIdentity({ sub: '1', email: 'a@x.example' }, trusted).email, { address: 'a@x.example', verified: true });
  assert.deepEqual(readIdentity({ sub: '1', email: 'a@x.example', email_verified: false }, trusted).email, { address: 'a@x.example', verified: false });
  assert.deepEqual(readIdentity({ sub: '1', email: 'a@x.example' }, company).email, { address: 'a@x.example', verified: undefined });
});

test('when somebody proved who they are is read from auth_time in seconds, never later than now', () => {
  const seconds = Math.floor(Date.now() / 1000);
  const at = (auth_time: unknown) => readIdentity({ sub: 'a', auth_time }, { provider: 'company', groupsClaim: 'groups', trustsRole: false }).authenticatedAt?.getTime();
  assert.equal(at(seconds - 60), (seconds - 60) * 1000);
  assert.ok((at(seconds + 30) ?? Infinity) <= Date.now(), 'what clocks may differ by counts as now');
  for (const wrong of [undefined, null, 0, -1, seconds + 3600, String(seconds), [seconds], Number.NaN, true]) assert.equal(at(wrong), undefined, String(wrong));
});
