import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findFacts } from './facts.ts';
import { verifySentences, type Ground } from './verify.ts';

const seed = Date.now() & 0x7fffffff;

const leave: Ground = {
  number: 1, title: 'Leave policy', headings: ['Parental leave'],
  text: 'Primary carers receive 18 weeks of paid parental leave. It must be taken before 3 March 2027. Leave does not carry over. Ask Marta Lindqvist.',
};
const travel: Ground = { number: 2, title: 'Travel', headings: [], text: 'Hotels are paid up to 1,200 EUR a year. Form TR-7 is needed. Grade | Days\nB2 | 25' };

function check(sentence: string): [support: string, reason: string] {
  const [first] = verifySentences(sentence, [leave, travel]);
  return [first?.support ?? '', first?.reason ?? ''];
}

test('a sentence that says what its passage says is supported', () => {
  for (const sentence of [
    'Primary carers receive 18 weeks of paid parental leave [1].',
    'Eighteen weeks of parental leave are paid to primary carers [1].',
    'Parental leave must be taken before 2027-03-03 [1].',
    'Hotels are paid up to €1200 a year [2].',
    'Hotels need form TR-7 [2].',
    'Grade B2: 25 days [2].',
    'Ask Marta Lindqvist about leave [1].',
  ]) assert.deepEqual(check(sentence), ['supported', ''], sentence);
});

test('a number, unit, date, name or identifier that the passage does not hold is not supported, with the reason', () => {
  assert.match(check('Primary carers receive 20 weeks of paid parental leave [1].').join(), /unsupported,.*number 20 weeks/);
  assert.match(check('Primary carers receive 18 days of paid parental leave [1].').join(), /unsupported,.*another unit \(18 weeks\)/);
  assert.match(check('Leave must be taken before 4 March 2027 [1].').join(), /unsupported,.*date 4 march 2027/);
  assert.match(check('For parental leave please ask Peter Lindqvist now [1].').join(), /unsupported,.*name Peter/);
  assert.match(check('Hotels need form TR-9 [2].').join(), /unsupported,.*tr-9/);
});

test('the right words with the wrong passage are not supported', () => {
  assert.equal(check('Primary carers receive paid parental leave [2].')[0], 'unsupported');
});

test('a turned "not" is weak', () => {
  assert.equal(check('Leave does carry over [1].')[0], 'weak');
  assert.equal(check('Leave does not carry over [1].')[0], 'supported');
});

test('a sentence without a citation says so, a heading line is left alone', () => {
  assert.deepEqual(check('Primary carers receive paid leave.'), ['uncited', 'No passage is cited for this.']);
  assert.deepEqual(check('In short:'), ['uncited', '']);
});

test('facts are the same however they are written', () => {
  const dates = (text: string) => findFacts(text).dates.map((date) => date.value);
  assert.deepEqual(dates('3 March 2026, March 3rd, 2026, 03.03.2026, 2026-03-03, 3. März 2026'), Array.from({ length: 5 }, () => '2026-03-03'));
  assert.deepEqual(dates('by 31 December and in May 2026'), ['--12-31', '2026-05']);
  const quantities = (text: string) => findFacts(text).quantities.map(({ value, unit }) => `${value}${unit}`);
  assert.deepEqual(quantities('1,200 EUR, 1.200 Euro, €1200'), ['1200eur', '1200eur', '1200eur']);
  assert.deepEqual(quantities('thirty days, 30-day, 30 Tage, 12.50 %'), ['30day', '30day', '30day', '12.5%']);
  assert.deepEqual(quantities('twenty-five working days'), ['25day']);
});

test('a passage supports each of its own sentences', () => {
  const word = fc.constantFrom('leave', 'carers', 'travel', 'hotel', '18 weeks', '3 March 2026', 'TR-7', 'Berlin', '1,200 EUR', 'Prüfung', 'thirty');
  fc.assert(fc.property(fc.array(word, { minLength: 2, maxLength: 12 }), (words) => {
    const text = `The ${words.join(' ')}.`;
    const [sentence] = verifySentences(`${text} [1]`, [{ number: 1, title: '', headings: [], text }]);
    assert.equal(sentence?.support, 'supported', `${text}: ${sentence?.reason}`);
  }), { seed });
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
