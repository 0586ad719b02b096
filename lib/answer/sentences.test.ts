import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitSentences } from './sentences.ts';

const seed = Date.now() & 0x7fffffff;

function split(text: string): string[] {
  return splitSentences(text).map(({ start, end }) => text.slice(start, end));
}

test('a full stop ends a sentence, and its citations belong to it', () => {
  assert.deepEqual(split('Carers get 18 weeks [1]. Others get 6.[2][3] It ends.'), ['Carers get 18 weeks [1].', 'Others get 6.[2][3]', 'It ends.']);
  assert.deepEqual(split('It is paid. [1] It is long!'), ['It is paid. [1]', 'It is long!']);
});

test('abbreviations, numbers, initials and dates do not', () => {
  for (const one of [
    'Ask e.g. the works council about 3.5 days.',
    'Dr. J. Smith signs up to No. 12 of the list.',
    'Das gilt z.B. ab dem 3. März 2026 bzw. nach Abs. 2 der Regel.',
    'Version 2.1 costs approx. 1.200 EUR.',
  ]) assert.deepEqual(split(one), [one]);
});

test('lines and list items are sentences of their own', () => {
  assert.deepEqual(split('Steps:\n1. Open the form.\n2. Sign it\n- Send it'), ['Steps:', '1. Open the form.', '2. Sign it', '- Send it']);
});

test('signs of other scripts end a sentence without a space', () => {
  assert.deepEqual(split('休暇は10日です。申請してください。'), ['休暇は10日です。', '申請してください。']);
});

test('sentences cover everything but white space, in order, without overlap', () => {
  const text = fc.array(fc.constantFrom('Word', 'z.B.', '3.', '. ', '! ', '[1]', '\n', ' ', '。', 'é', '"', '?'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(fc.property(text, (written) => {
    let last = 0;
    let left = '';
    for (const { start, end } of splitSentences(written)) {
      assert.ok(start >= last && end > start);
      left += written.slice(last, start);
      last = end;
    }
    assert.equal((left + written.slice(last)).trim(), '');
  }), { seed, numRuns: 2000 });
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
