/** Server-sent events however they are cut into pieces. */
import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { createEventParser, readEventData } from './event-stream.ts';

const encoder = new TextEncoder();
const stream = 'data: {"a":1}\n\n: still here\n\ndata: one\ndata: two\n\nevent: x\nid: 7\nretry: 10\ndata:no space\r\n\r\ndata: ä€😀\r\rdata\n\ndata: unfinished';
const expected = ['{"a":1}', 'one\ntwo', 'no space', 'ä€😀', ''];

function bodyOf(chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(chunks: Uint8Array[]): Promise<string[]> {
  const events: string[] = [];
  for await (const event of readEventData(bodyOf(chunks))) events.push(event);
  return events;
}

test('events, comments, several data lines and every kind of line end are read', async () => {
  assert.deepEqual(await read([encoder.encode(stream)]), expected);
});

test('the events are the same wherever the bytes are cut, even inside a character', async () => {
  const bytes = encoder.encode(stream);
  const cuts = fc.uniqueArray(fc.integer({ min: 0, max: bytes.length }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      const edges = [0, ...at.toSorted((one, other) => one - other), bytes.length];
      const chunks = edges.slice(1).map((end, index) => bytes.slice(edges[index], end));
      assert.deepEqual(await read(chunks), expected);
    }),
    { verbose: true },
  );
});

test('any text survives as data', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const parse = createEventParser();
      assert.deepEqual(parse(`data: ${JSON.stringify(text)}\n\n`).map((data): unknown => JSON.parse(data)), [text]);
    }),
    { verbose: true },
  );
});

test('a byte order mark at the start is not part of the first field', () => {
  assert.deepEqual(createEventParser()('\uFEFFdata: x\n\n'), ['x']);
});

test('the body is let go when the reader stops early', async () => {
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(encoder.encode('data: x\n\n')),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const event of readEventData(body)) {
    assert.equal(event, 'x');
    break;
  }
  assert.equal(cancelled, true);
});
