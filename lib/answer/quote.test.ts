import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { queryTerms } from '../search/query.ts';
import { citedNumbers, withoutCitations } from './cite.ts';
import { quote, type QuotedPassage } from './quote.ts';

const seed = Date.now() & 0x7fffffff;

function weights(question: string): Map<string, number> {
  return new Map([...queryTerms(question).keys()].map((word) => [word, 1]));
}

const leave: QuotedPassage = {
  number: 2, title: 'Leave policy', headings: ['Parental leave'],
  text: 'This policy applies to everyone. Primary carers receive 18 weeks of paid parental leave. Secondary carers receive 6 weeks. Ask your manager about cake.',
};
const table: QuotedPassage = { number: 1, title: 'Pay', headings: [], text: 'The bands are:\nGrade | Days of leave | Notice\nB1 | 25 | 4 weeks\nB2 | 28 | 8 weeks\nOther text follows here.' };

test('the sentence that holds the question comes first, with its citation', () => {
  const text = quote(weights('How many weeks of parental leave do primary carers get?'), [leave, table]);
  assert.equal(text.split('\n\n')[0], 'Primary carers receive 18 weeks of paid parental leave. [2]');
  assert.doesNotMatch(text, /cake/);
});

test('a table row is quoted with the names of its columns', () => {
  assert.equal(quote(weights('notice for grade B2'), [table]).split('\n\n')[0], 'Grade: B2; Days of leave: 28; Notice: 8 weeks [1]');
});

test('the same sentence in two documents is quoted once', () => {
  const text = quote(weights('parental leave primary carers'), [leave, { ...leave, number: 3 }]);
  assert.equal(text.match(/18 weeks/g)?.length, 1);
});

test('nothing is quoted that holds nothing of the question', () => {
  assert.equal(quote(weights('quantum chromodynamics'), [leave, table]), '');
});

test('at most five quotes, each word for word from the passage it cites', () => {
  const word = fc.constantFrom('leave', 'weeks', 'carers', 'paid', 'travel', 'hotel', 'grade');
  const sentence = fc.array(word, { minLength: 4, maxLength: 8 }).map((words) => `${words.join(' ')}.`);
  const passage = fc.array(sentence, { minLength: 1, maxLength: 6 }).map((sentences) => sentences.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join(' '));
  fc.assert(fc.property(fc.array(passage, { maxLength: 6 }), (texts) => {
    const passages = texts.map((text, index) => ({ number: index + 1, title: '', headings: [], text }));
    const quotes = quote(weights('paid leave weeks'), passages).split('\n\n').filter((each) => each !== '');
    assert.ok(quotes.length <= 5);
    for (const each of quotes) {
      const [number] = citedNumbers(each);
      assert.ok(passages.find((one) => one.number === number)?.text.includes(withoutCitations(each)), each);
    }
  }), { seed });
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
