/** Methods by address. That the matrix agrees with the route files is held by app/api/matrix.test.ts. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodsAt, refuseMethod } from './methods.ts';

test('an address has the methods of its route, with HEAD beside GET', () => {
  assert.deepEqual(methodsAt('/api/members'), ['GET', 'HEAD', 'OPTIONS']);
  assert.deepEqual(methodsAt('/api/ask'), ['POST', 'OPTIONS']);
  assert.deepEqual(methodsAt('/api/grants/5f0e'), ['PATCH', 'DELETE', 'OPTIONS']);
  assert.deepEqual(methodsAt('/api/auth/callback/company'), ['GET', 'HEAD', 'POST', 'OPTIONS']);
});

test('a name goes before a parameter in the same place', () => {
  assert.deepEqual(methodsAt('/api/documents/progress'), ['GET', 'HEAD', 'OPTIONS']);
  assert.deepEqual(methodsAt('/api/documents/5f0e'), ['GET', 'HEAD', 'PATCH', 'DELETE', 'OPTIONS']);
});

test('an escaped address is the address that Next finds', () => {
  assert.deepEqual(methodsAt('/api/%61sk'), ['POST', 'OPTIONS']);
  assert.deepEqual(methodsAt('/api/documents/a%2Fb'), methodsAt('/api/documents/ab'));
});

test('an address without a route has no methods', () => {
  for (const path of ['/api', '/api/', '/api/nothing', '/api/ask/', '/api/documents/', '/api/members/a/b/c', '/api/auth', '/API/ask', '/ask']) assert.equal(methodsAt(path), null, path);
});

test('a wrong method is refused with what the address takes', () => {
  const problem = refuseMethod('DELETE', '/api/ask');
  assert.deepEqual([problem?.code, problem?.message, problem?.data], ['method-not-allowed', 'This address takes POST, OPTIONS.', { allow: ['POST', 'OPTIONS'] }]);
  for (const method of ['POST', 'OPTIONS']) assert.equal(refuseMethod(method, '/api/ask'), undefined);
  assert.equal(refuseMethod('HEAD', '/api/members'), undefined);
  assert.equal(refuseMethod('HEAD', '/api/ask')?.code, 'method-not-allowed');
});

test('where nothing is, only OPTIONS is answered here, and pages are left alone', () => {
  assert.equal(refuseMethod('OPTIONS', '/api/nothing')?.code, 'not-found');
  assert.equal(refuseMethod('DELETE', '/api/nothing'), undefined);
  assert.equal(refuseMethod('POST', '/ask'), undefined);
  assert.equal(refuseMethod('POST', '/apisomething'), undefined);
});
