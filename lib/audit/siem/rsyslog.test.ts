/**
 * Hostile records through a real rsyslog from Debian: what it parsed is what was sent, no line too many. As many records
 * as ATTEST_SIEM_RECORDS says (`npm run test:siem` sets 10,000).
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { parseEnv, surroundings } from '../../env.ts';
import { formatFor } from './deliver.ts';
import { keyFor } from './cef.ts';
import { factsOf, type SiemRecord } from './record.ts';
import { openSink, type SinkSettings } from './sink.ts';
import { makeHostileRecords, readCef, readSyslog, skipRsyslog, startRsyslog, type Rsyslog } from './testing.ts';

const count = Number(surroundings()['ATTEST_SIEM_RECORDS'] ?? 1000);
const batchMax = 200;
const timings = { settle: 100, close: 60_000 };
const skip = skipRsyslog;

async function sendAll(settings: SinkSettings, messages: readonly string[]): Promise<void> {
  const sink = await openSink(settings);
  for (let index = 0; index < messages.length; index += batchMax) await sink.send(messages.slice(index, index + batchMax));
  await sink.finish();
}

/** Everything was read once `finish` returned; writing it to the file may take a moment more. */
async function linesOf(rsyslog: Rsyslog, expected: number) {
  for (let tries = 0; tries < 100; tries += 1) {
    const lines = await rsyslog.lines().catch(() => []);
    if (lines.length >= expected) return lines;
    await sleep(100);
  }
  return rsyslog.lines();
}

const formatOf = (format: 'syslog' | 'cef', bytesMax = 190_000): ((record: SiemRecord) => string) =>
  formatFor(parseEnv({ ATTEST_URL: 'https://attest.example.com', SIEM_FORMAT: format, SIEM_MESSAGE_BYTES_MAX: String(bytesMax) }));

for (const tls of [false, true]) {
  test(`${count} hostile records by RFC 5424 over ${tls ? 'TLS' : 'TCP'}: rsyslog parsed every fact as it was and no line came too many`, { skip }, async (t) => {
    const rsyslog = await startRsyslog({ tls });
    t.after(() => rsyslog.stop());
    const records = makeHostileRecords(count);
    await sendAll({ url: `${tls ? 'tls' : 'tcp'}://127.0.0.1:${rsyslog.port}`, framing: 'octets', caFile: tls ? path.join(rsyslog.folder, 'ca.pem') : undefined, timings }, records.map(formatOf('syslog')));
    const lines = await linesOf(rsyslog, count);
    assert.equal(lines.length, count, 'lines that rsyslog wrote');
    for (const [index, record] of records.entries()) {
      const line = lines[index];
      assert.equal(line?.event, 'document.opened');
      assert.equal(line.text.trim(), 'Opened a document');
      const facts = factsOf(record);
      // rsyslog's own parser of structured data gives up on a value above 32 KiB; the message is there all the same, whole.
      const tooLong = facts.some(([, value]) => Buffer.byteLength(value) >= 32 * 1024);
      assert.equal(line.facts === null, tooLong, `record ${record.seq}`);
      assert.ok(isDeepStrictEqual(line.facts ?? Object.fromEntries(readSyslog(line.raw).facts), Object.fromEntries(facts)), `record ${record.seq}`);
    }
  });
}

test(`${count} hostile records in CEF over TCP: every fact is read back from what rsyslog took in and no line came too many`, { skip }, async (t) => {
  const rsyslog = await startRsyslog();
  t.after(() => rsyslog.stop());
  const records = makeHostileRecords(count);
  await sendAll({ url: `tcp://127.0.0.1:${rsyslog.port}`, framing: 'octets', timings }, records.map(formatOf('cef')));
  const lines = await linesOf(rsyslog, count);
  assert.equal(lines.length, count, 'lines that rsyslog wrote');
  for (const [index, record] of records.entries()) {
    const { head, facts } = readCef(lines[index]?.raw ?? '');
    assert.equal(head[4], 'document.opened');
    assert.ok(isDeepStrictEqual(facts.slice(2), factsOf(record).map(([name, value]) => [keyFor(name), value])), `record ${record.seq}`);
  }
});

test('with the length that rsyslog takes from the factory, long records come as one line each, marked as cut', { skip }, async (t) => {
  const rsyslog = await startRsyslog({ bytesMax: 8192 });
  t.after(() => rsyslog.stop());
  const records = makeHostileRecords(200);
  const usual = parseEnv({}).SIEM_MESSAGE_BYTES_MAX;
  await sendAll({ url: `tcp://127.0.0.1:${rsyslog.port}`, framing: 'octets', timings }, records.map(formatOf('syslog', usual)));
  const lines = await linesOf(rsyslog, records.length);
  assert.deepEqual(lines.map((line) => Number(line.facts?.['seq'])), records.map(({ seq }) => seq));
  assert.deepEqual(lines.filter((line) => line.facts?.['cut'] !== undefined).map((line) => Number(line.facts?.['seq'])), [99, 199]);
  for (const line of lines) readSyslog(line.raw);
});

test('a certificate that nobody vouches for is refused, in words', { skip }, async (t) => {
  const rsyslog = await startRsyslog({ tls: true });
  t.after(() => rsyslog.stop());
  await assert.rejects(openSink({ url: `tls://127.0.0.1:${rsyslog.port}`, framing: 'octets', timings }), /its certificate is not trusted/);
});
