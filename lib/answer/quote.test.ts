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

function quoteFor(question: string, passages: readonly QuotedPassage[]): string {
  return quote(question, weights(question), passages);
}

const place = { versionId: 'version', ordinal: 0 };
const leave: QuotedPassage = {
  number: 2, ...place, title: 'Leave policy', headings: ['Parental leave'],
  text: 'This policy applies to everyone. Primary carers receive 18 weeks of paid parental leave. Secondary carers receive 6 weeks. Ask your manager about cake.',
};
const table: QuotedPassage = { number: 1, ...place, title: 'Pay', headings: [], text: 'The bands are:\nGrade | Days of leave | Notice\nB1 | 25 | 4 weeks\nB2 | 28 | 8 weeks\nOther text follows here.' };

test('the sentence that holds the question comes first, with its citation', () => {
  const text = quoteFor('How many weeks of parental leave do primary carers get?', [leave, table]);
  assert.equal(text.split('\n\n')[0], 'Primary carers receive 18 weeks of paid parental leave. [2]');
  assert.doesNotMatch(text, /cake/);
});

test('a table row is quoted with the names of its columns', () => {
  assert.equal(quoteFor('notice for grade B2', [table]).split('\n\n')[0], 'Grade: B2; Days of leave: 28; Notice: 8 weeks [1]');
});

test('below a heading or a question stands its answer, and that is quoted', () => {
  const faq: QuotedPassage = { number: 1, ...place, title: 'About', headings: ['Questions'], text: 'Questions\nWill we buy another company?\nWe have not announced any acquisition. More in spring.\nWill we move?\nNo.' };
  assert.equal(quoteFor('Will we buy another company?', [faq]).split('\n\n')[0], 'We have not announced any acquisition. [1]');
  const steps: QuotedPassage = { number: 1, ...place, title: 'VPN', headings: ['Set up the VPN on a Mac'], text: 'Set up the VPN on a Mac\n1. Open Self Service.\n2. Sign in there.\n3. Check the icon.' };
  assert.deepEqual(quoteFor('How do I set up the VPN on a Mac?', [steps]).split('\n\n'), ['1. Open Self Service. [1]', '2. Sign in there. [1]', '3. Check the icon. [1]']);
});

test('what one passage announces is quoted from the one that follows it', () => {
  const first: QuotedPassage = { number: 1, versionId: 'lease', ordinal: 1, title: 'Lease', headings: [], text: 'Several colleagues have asked whether the Rotterdam site will move. Here is what is known.' };
  const second: QuotedPassage = { number: 2, versionId: 'lease', ordinal: 2, title: 'Lease', headings: ['The short answer'], text: 'The short answer\nNo decision on the future of the Rotterdam site has been taken. The lease ends in 2027.' };
  assert.match(quoteFor('Will the Rotterdam site move?', [first, second]), /No decision on the future of the Rotterdam site has been taken\. \[2\]/);
});

test('a sentence about a sibling of the thing asked about comes behind', () => {
  const gauge: QuotedPassage = { number: 1, ...place, title: 'Gauges', headings: [], text: 'The measuring force of the HX-3 is at most 0.75 N. The measuring force of the HX-4 has another limit: 0.65 N.' };
  assert.match(quoteFor('What is the measuring force limit of the HX-4?', [gauge]).split('\n\n')[0] ?? '', /HX-4/);
});

test('lines that a text file wrapped are one sentence', () => {
  const wrapped: QuotedPassage = { number: 1, ...place, title: 'Annex', headings: [], text: 'Pregnancy and maternity leave is 16 weeks and is paid by the public employee\ninsurance agency at 100 % up to the daily maximum.' };
  assert.match(quoteFor('How long is maternity leave?', [wrapped]), /^Pregnancy and maternity leave is 16 weeks .* employee insurance agency at 100 %/);
});

test('the same sentence in two documents is quoted once', () => {
  const text = quoteFor('parental leave primary carers', [leave, { ...leave, number: 3, versionId: 'other' }]);
  assert.equal(text.match(/18 weeks/g)?.length, 1);
});

test('nothing is quoted that holds nothing of the question', () => {
  assert.equal(quoteFor('quantum chromodynamics', [leave, table]), '');
});

test('at most five quotes, each word for word from the passage it cites', () => {
  const word = fc.constantFrom('leave', 'weeks', 'carers', 'paid', 'travel', 'hotel', 'grade');
  const sentence = fc.array(word, { minLength: 4, maxLength: 8 }).map((words) => `${words.join(' ')}.`);
  const passage = fc.array(sentence, { minLength: 1, maxLength: 6 }).map((sentences) => sentences.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join(' '));
  fc.assert(fc.property(fc.array(passage, { maxLength: 6 }), (texts) => {
    const passages = texts.map((text, index) => ({ number: index + 1, versionId: 'v', ordinal: 10 * index, title: '', headings: [], text }));
    const quotes = quoteFor('paid leave weeks', passages).split('\n\n').filter((each) => each !== '');
    assert.ok(quotes.length <= 5);
    for (const each of quotes) {
      const [number] = citedNumbers(each);
      assert.ok(passages.find((one) => one.number === number)?.text.includes(withoutCitations(each)), each);
    }
  }), { seed });
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
