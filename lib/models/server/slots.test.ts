import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { isProblem } from '#lib/errors.ts';
import { Slots } from './slots.ts';

const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};

test('at most as many work at once as there are places, the rest in order', async () => {
  const slots = new Slots(['a', 'b'], 10);
  const order: number[] = [];
  let most = 0;
  await Promise.all([0, 1, 2, 3, 4].map((number) => slots.use(async () => {
    most = Math.max(most, slots.load.active);
    order.push(number);
    await tick();
  })));
  assert.equal(most, 2);
  assert.deepEqual(order, [0, 1, 2, 3, 4]);
  assert.deepEqual(slots.load, { active: 0, waiting: 0, waitingMax: 10 });
});

test('beyond the queue a request is refused at once', async () => {
  const slots = new Slots(['a'], 1);
  const { opened, open } = gate();
  const running = slots.use(() => opened);
  const waiting = slots.use(() => opened);
  await assert.rejects(slots.use(() => opened), (error) => isProblem(error, 'model-busy'));
  assert.throws(() => slots.reserve(1), (error) => isProblem(error, 'model-busy'));
  open();
  await Promise.all([running, waiting]);
});

test('an aborted waiter leaves the queue and its place goes to the next', async () => {
  const slots = new Slots(['a'], 5);
  const { opened, open } = gate();
  const controller = new AbortController();
  const running = slots.use(() => opened);
  const aborted = slots.use(async () => 'never', { signal: controller.signal });
  const next = slots.use(async () => 'done');
  controller.abort();
  await assert.rejects(aborted, { name: 'AbortError' });
  assert.equal(slots.load.waiting, 1);
  open();
  assert.equal(await next, 'done');
  await running;
});

test('a first request overtakes those who wait', async () => {
  const slots = new Slots(['a'], 5);
  const { opened, open } = gate();
  const order: string[] = [];
  const all = [slots.use(() => opened), slots.use(async () => void order.push('passage')), slots.use(async () => void order.push('query'), { first: true })];
  open();
  await Promise.all(all);
  assert.deepEqual(order, ['query', 'passage']);
});

test('the preferred free place is taken', async () => {
  const slots = new Slots([1, 5, 3], 0);
  assert.equal(await slots.use(async (place) => place, { prefer: (place) => place }), 5);
});

test('work that throws gives its place back', async () => {
  const slots = new Slots(['a'], 0);
  await assert.rejects(slots.use(async () => Promise.reject(new Error('broken'))), /broken/);
  assert.equal(await slots.use(async (place) => place), 'a');
});

test('closing waits for accepted work, refuses new work', async () => {
  const slots = new Slots(['a'], 5);
  const { opened, open } = gate();
  let done = 0;
  const work = [slots.use(() => opened.then(() => void done++)), slots.use(async () => void done++)];
  const closed = slots.close().then(() => assert.equal(done, 2));
  await assert.rejects(slots.use(async () => {}), (error) => isProblem(error, 'model-unavailable'));
  open();
  await Promise.all([...work, closed]);
});
