/** Which requests of programs are taken for those of pages of other sites. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { overrideEnv } from '../env.ts';
import { isForeign } from './origin.ts';

after(() => overrideEnv({}));

const request = (headers: Record<string, string>): Request => new Request('http://internal/v1/models', { headers });

test('on the machine itself another host is foreign, under any port of its own names it is not', () => {
  overrideEnv({ ATTEST_URL: 'http://127.0.0.1:3000' });
  for (const host of ['127.0.0.1:3000', 'localhost:3000', 'localhost', '[::1]:3000', '127.0.0.53', 'attest.localhost:3000']) assert.equal(isForeign(request({ host })), false, host);
  for (const host of ['', 'evil.example', '127.0.0.1.evil.example', 'localhost.evil.example', '10.0.0.1:3000', '[::2]', 'evil.example#localhost', 'localhost@evil.example', '1270.0.0.1']) assert.equal(isForeign(request({ host })), true, host);
});

test('behind a proxy any host may stand for ours, but no other origin does', () => {
  overrideEnv({ ATTEST_URL: 'https://attest.example.com' });
  for (const host of ['attest.example.com', 'web:3000', '10.0.0.7']) assert.equal(isForeign(request({ host })), false, host);
  assert.equal(isForeign(request({ host: 'web:3000', origin: 'https://attest.example.com' })), false);
  for (const origin of ['http://attest.example.com', 'https://attest.example.com.evil.example', 'https://attest.example.com:444', 'null', '', 'https://evil.example']) {
    assert.equal(isForeign(request({ host: 'web:3000', origin })), true, origin);
  }
});

test('what a browser says of where it comes from counts', () => {
  overrideEnv({ ATTEST_URL: 'https://attest.example.com' });
  for (const site of ['cross-site', 'same-site']) assert.equal(isForeign(request({ 'sec-fetch-site': site })), true);
  for (const site of ['same-origin', 'none']) assert.equal(isForeign(request({ 'sec-fetch-site': site })), false);
});
