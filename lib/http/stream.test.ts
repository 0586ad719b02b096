/** The stream of events as a browser reads it, to its end, to its failure, and when the browser leaves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventStream } from './stream.ts';

const keepAlive = ': still here\n\n';

async function* events(count: number, atEnd: () => void = () => {}): AsyncGenerator<object> {
  try {
    for (let number = 1; number <= count; number += 1) yield { number, text: 'line\nbreak\u2028' };
  } finally {
    atEnd();
  }
}

test('every event is one block of one line, and the end is the end', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const text = await eventStream(events(2)).text();
  assert.deepEqual(text.split('\n\n'), [`data: ${JSON.stringify({ number: 1, text: 'line\nbreak\u2028' })}`, `data: ${JSON.stringify({ number: 2, text: 'line\nbreak\u2028' })}`, '']);
  assert.doesNotThrow(() => t.mock.timers.tick(60_000));
});

test('a silent stream says every 15 s that it is there', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const reader = eventStream({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }).body?.getReader();
  t.mock.timers.tick(30_000);
  for (const _ of [1, 2]) assert.equal(new TextDecoder().decode((await reader?.read())?.value), keepAlive);
});

test('a stream whose events fail ends for its reader and for nobody else', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  async function* failing(): AsyncGenerator<object> {
    yield { number: 1 };
    throw new Error('lost');
  }
  await assert.rejects(eventStream(failing()).text(), /lost/);
  assert.doesNotThrow(() => t.mock.timers.tick(60_000));
});

test('a browser that leaves ends the events', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let ended = false;
  const reader = eventStream(events(1000, () => (ended = true))).body?.getReader();
  await reader?.read();
  await reader?.cancel();
  assert.equal(ended, true);
  assert.doesNotThrow(() => t.mock.timers.tick(60_000));
});
