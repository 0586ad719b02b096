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
