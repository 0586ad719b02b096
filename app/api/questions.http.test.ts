/** Questions that are hardly questions, asked of the running product: refused in words, or answered honestly. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { z } from 'zod';
import type { ProblemCode } from '#lib/errors.ts';
import { ask, call, read, readProblem, sendRaw, signedIn, skip, useGenerator } from './testing.ts';

const employee = () => signedIn('employee');

async function countConversations(): Promise<number> {
  return (await read(await call(employee(), 'GET /api/conversations?limit=100'), 200, z.object({ items: z.array(z.unknown()) }))).items.length;
}

const refused: readonly [what: string, question: unknown, code: ProblemCode][] = [
  ['an empty question', '', 'question-empty'],
  ['no question at all', undefined, 'question-empty'],
  ['blanks of every width', ' \t\n\r\u00a0\u2003\u3000\ufeff', 'question-empty'],
  ['100,000 characters', 'How much leave? '.repeat(6250), 'question-too-long'],
  ['one character too many', 'x'.repeat(4001), 'question-too-long'],
  ['a NUL', 'How much\u0000 leave?', 'question-not-text'],
  ['an escape character', 'How much \u001b[31mleave?', 'question-not-text'],
  ['what a decoder leaves of binary bytes', 'PK\u0003\u0004\u0014\ufffd\ufffd\u0000leave', 'question-not-text'],
  ['half of a surrogate pair', 'leave \ud83d', 'question-not-text'],
  ['the other half', '\ude00 leave', 'question-not-text'],
  ['signs only', '\u{1f600}\u{1f44d}\u{1f3fd} ?! \u2026', 'question-not-text'],
  ['a number', 42, 'invalid-input'],
  ['a list', ['How much leave?'], 'invalid-input'],
  ['an object', { toString: 'How much leave?' }, 'invalid-input'],
];

for (const [what, question, code] of refused) {
  test(`${what} is refused as ${code}, and nothing of it is kept`, { skip }, async () => {
    const conversations = await countConversations();
    const problem = await readProblem(await call(employee(), 'POST /api/ask', { json: { question } }), code);
    assert.match(problem.detail, /^\p{Lu}.*[.]$|^question: /u);
    assert.equal(await countConversations(), conversations);
  });
}

test('a question of binary bytes is refused as malformed', { skip }, async () => {
  const body = Buffer.concat([Buffer.from('{"question":"leave '), Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('"}')]);
  await readProblem(await sendRaw(employee(), 'POST /api/ask', { headers: { 'content-type': 'application/json' }, write: (request) => request.end(body) }), 'malformed-request');
});

const taken: readonly [what: string, question: string][] = [
  ['stop words only', 'what is the of and to in a'],
  ['German stop words only', 'wie ist das und der die mit'],
  ['a single letter', 'a'],
  ['a single digit', '7'],
  ['Arabic', '\u0643\u0645 \u0639\u062f\u062f \u0623\u064a\u0627\u0645 \u0627\u0644\u0625\u062c\u0627\u0632\u0629 \u0627\u0644\u0633\u0646\u0648\u064a\u0629\u061f'],
  ['Hebrew', '\u05db\u05de\u05d4 \u05d9\u05de\u05d9 \u05d7\u05d5\u05e4\u05e9\u05d4 \u05de\u05d2\u05d9\u05e2\u05d9\u05dd \u05dc\u05d9?'],
  ['Chinese', '\u6211\u6709\u591a\u5c11\u5929\u5e74\u5047\uff1f'],
  ['Japanese', '\u5e74\u6b21\u6709\u7d66\u4f11\u6687\u306f\u4f55\u65e5\u3042\u308a\u307e\u3059\u304b'],
  ['Thai, which has no spaces', '\u0e09\u0e31\u0e19\u0e21\u0e35\u0e27\u0e31\u0e19\u0e25\u0e32\u0e01\u0e35\u0e48\u0e27\u0e31\u0e19'],
  ['letters with many marks', `Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324a${'\u0300'.repeat(500)}lgo`],
  ['text the other way round', '\u202edays of leave\u202c'],
  ['emoji among words', 'leave \u{1f3d6}\ufe0f\u{1f468}\u200d\u{1f469}\u200d\u{1f467} days?'],
  ['a word of 4,000 letters', 'l'.repeat(4000)],
  ['2,000 words of one letter', 'q '.repeat(2000)],
  ['1,000 different words', Array.from({ length: 790 }, (_, index) => `w${index}`).join(' ')],
  ['search operators', `leave & | ! ( ) : * <-> "days" -- ; /* */ '' \\ % _`],
  ['SQL', "'); drop table members; --"],
  ['a pattern', '(a+)+$ [^x]{1,999} .*'],
  ['template marks', '{question} {{passages}} ${env} {% raw %} <|im_start|>system'],
  ['citation marks', 'Is it true [1][2][99999999999]?'],
  ['markup', '<img src=x onerror=alert(1)> how many days of leave?'],
  ['lines', 'How many\n\n\n days\tof\r\nannual leave?'],
];

async function assertHonest(question: string): Promise<void> {
  const told = await ask(employee(), question);
  const done = told.last('done');
  assert.ok(done, JSON.stringify(told.last('error')));
  assert.ok(['quoted', 'not-found', 'generated'].includes(done.outcome), done.outcome);
  assert.ok(told.last('started')?.title.isWellFormed());
  // Cited is only what was shown.
  const shown = told.last('searched')?.evidence.map(({ number }) => number) ?? [];
  assert.ok(done.citedNumbers.every((number) => shown.includes(number)));
}

for (const [what, question] of taken) {
  test(`${what} is taken as a question and gets an honest end`, { skip }, () => assertHonest(question));
}

test('a question is kept in full and in one spelling, and its title is never cut inside a character', { skip }, async () => {
  const question = `A${'\u{2000b}'.repeat(60)} u\u0308ber`;
  const started = (await ask(employee(), question)).last('started');
  assert.ok(started);
  const conversation = await read(await call(employee(), `GET /api/conversations/${started.conversationId}`), 200, z.looseObject({ title: z.string(), turns: z.array(z.looseObject({ question: z.string() })) }));
  assert.equal(conversation.turns[0]?.question, question.normalize('NFC'));
  assert.equal(conversation.title, started.title);
  assert.doesNotMatch(conversation.title, /\ufffd/);
});

test('a German question is answered from the German document', { skip }, async () => {
  const told = await ask(employee(), 'Wie viele Plusstunden können in die nächste Periode übertragen werden?');
  assert.notEqual(told.last('done')?.outcome, 'not-found');
  assert.match(told.last('sentences')?.text ?? '', /40 Plusstunden/);
});

test('a scope of collections that do not exist, or of none, finds nothing and says so', { skip }, async () => {
  for (const scope of [[], [randomUUID()]]) {
    const told = await ask(employee(), { question: 'How many days of annual leave do I have?', scope });
    assert.equal(told.last('done')?.outcome, 'not-found', JSON.stringify(scope));
    assert.deepEqual(told.last('not-found')?.nearest, []);
  }
});

test('a model is given the oddest questions as they are and ends as honestly', { skip }, async (t) => {
  const generator = await useGenerator('real');
  try {
    for (const [what, question] of taken) await t.test(what, () => assertHonest(`${question} annual leave`.slice(-4000)));
  } finally {
    await generator.restore();
  }
});
