/** The three formats read back by readers written for the tests: nothing is lost and nothing breaks out of its field. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { surroundings } from '../../env.ts';
import { keyFor, toCef } from './cef.ts';
import { toOcsf } from './ocsf.ts';
import { factsOf, fit, toSiemRecord, visible, type SiemRecord } from './record.ts';
import { toSyslog } from './syslog.ts';
import { hostile, makeRecord, readCef, readSyslog, readVisible } from './testing.ts';

const origin = { host: 'attest.example.com', enterprise: 32473 };
const version = '0.1.0';
const seed = Number(surroundings()['ATTEST_SEED'] ?? Date.now() & 0x7fffffff);
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(...hostile), fc.array(fc.constantFrom(...hostile), { maxLength: 4 }).map((parts) => parts.join('')));
// A name that is one backslash alone makes V8 13.6 read later names of objects of the same shape wrongly, whoever wrote them.
const names = texts.map((text) => `k${text}`);
const records = fc.record({ seq: fc.nat(), name: texts, id: texts, key: texts, details: fc.dictionary(names, texts, { maxKeys: 4 }) })
  .map(({ seq, name, id, key, details }): SiemRecord => ({ ...makeRecord(seq), subjectName: name, subjectId: id, keyName: key, details }));
const check = (hold: (record: SiemRecord) => void): void => fc.assert(fc.property(records, hold), { seed, numRuns: 1000 });

test(`text in which everything can be seen is read back as it was, seed ${seed}`, () => {
  fc.assert(fc.property(texts, (text) => {
    assert.equal(readVisible(visible(text)), text);
    assert.doesNotMatch(visible(text), /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]|^ | $/u);
  }), { seed, numRuns: 2000 });
});

test(`RFC 5424: every fact is read back and the message is one line of one element, seed ${seed}`, () => {
  check((record) => {
    const message = toSyslog(record, origin);
    assert.doesNotMatch(message, /\p{Cc}/u);
    const read = readSyslog(message);
    assert.deepEqual([read.element, read.text, read.event], ['attest@32473', 'Opened a document', 'document.opened']);
    assert.deepEqual(read.facts, factsOf(record).map(([name, value]) => [name, value]));
    assert.deepEqual(JSON.parse(read.facts.find(([name]) => name === 'details')?.[1] ?? '{}'), JSON.parse(JSON.stringify(record.details)));
  });
});

test(`CEF: every fact is read back under its key and the header has its eight parts, seed ${seed}`, () => {
  check((record) => {
    const message = toCef(record, { host: origin.host, version });
    assert.doesNotMatch(message, /\p{Cc}/u);
    const { head, facts } = readCef(message);
    assert.deepEqual(head, ['CEF:0', 'Attest', 'Attest', version, 'document.opened', 'Opened a document', '3']);
    assert.deepEqual(facts.slice(2), factsOf(record).map(([name, value]) => [keyFor(name), value]));
  });
});

test(`OCSF: one line, and any JSON parser gives every text back, seed ${seed}`, () => {
  check((record) => {
    const line = toOcsf(record, { version });
    assert.doesNotMatch(line, /\p{Cc}|[\u2028\u2029]/u);
    const { unmapped } = JSON.parse(line) as { unmapped: Record<string, unknown> };
    assert.deepEqual([unmapped['subjectName'], unmapped['subjectId'], unmapped['keyName']], [record.subjectName, record.subjectId, record.keyName]);
    assert.deepEqual(unmapped['details'], JSON.parse(JSON.stringify(record.details)));
  });
});

test('a message never gets longer than allowed, keeps number and hash, and says what was left out', () => {
  const long = 'x\u202e'.repeat(32_768);
  const formats = [(record: SiemRecord) => toSyslog(record, origin), (record: SiemRecord) => toCef(record, { host: origin.host, version }), (record: SiemRecord) => toOcsf(record, { version })];
  for (const format of formats) {
    const record = makeRecord(7);
    const bytesMax = 2048;
    for (const [given, cut] of [[record, null], [{ ...record, details: { long } }, 'details'], [{ ...record, details: { long }, subjectName: long }, 'details,names']] as const) {
      const message = fit(given, bytesMax, format);
      assert.ok(Buffer.byteLength(message) <= bytesMax, `${Buffer.byteLength(message)} bytes`);
      assert.ok(message.includes(record.leafHash) && /\b7\b/.test(message));
      assert.equal(/"?(?:attestC|c)ut"?[=:]"?([a-z,]+)/.exec(message)?.[1] ?? null, cut);
    }
    const worst = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value === 'string' && !['at', 'leafHash'].includes(name) ? long : value])) as unknown as SiemRecord;
    assert.ok(Buffer.byteLength(fit(worst, bytesMax, format)) <= bytesMax);
  }
});

test('no text and no hash of a text leaves, and bytes that are no record still go out with their number', () => {
  const bytes = { seq: 3, at: '2026-11-23T10:00:00.000001Z', event: 'question.answered', leaf_hash: Buffer.alloc(32, 7) };
  const body = { v: 1, id: 'a', outcome: 'answered', content_sha256: 'ab'.repeat(32), details: { answerSha256: 'cd'.repeat(32), evidence: [{ number: 1, textSha256: 'ef'.repeat(32), documentId: 'd' }] } };
  const record = toSiemRecord({ ...bytes, body: Buffer.from(JSON.stringify(body)) });
  assert.deepEqual(record.details, { evidence: [{ number: 1, documentId: 'd' }] });
  for (const line of [toSyslog(record, origin), toCef(record, { host: 'h', version }), toOcsf(record, { version })]) assert.doesNotMatch(line, /abab|cdcd|efef/);
  for (const odd of ['', 'null', '[1]', '{"details":3,"outcome":{}}', '\u0000', '{"key":7}']) {
    const read = toSiemRecord({ ...bytes, body: Buffer.from(odd) });
    assert.deepEqual([read.seq, read.event, read.details], [3, 'question.answered', {}]);
    assert.ok(toSyslog(read, origin).includes('seq="3"') && toOcsf(read, { version }).includes('"sequence":3'));
  }
});

test('refusals and failures have a higher severity than what went well', () => {
  const refused = { ...makeRecord(1), event: 'request.refused', outcome: 'refused' };
  assert.ok(toSyslog(refused, origin).startsWith('<108>1 ') && toSyslog(makeRecord(1), origin).startsWith('<110>1 '));
  assert.ok(toCef(refused, { host: 'h', version }).includes('|Request refused|6|'));
  const { severity_id: severity, status_id: status } = JSON.parse(toOcsf(refused, { version })) as Record<string, number>;
  assert.deepEqual([severity, status], [2, 2]);
});
