import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { coverage, weigh } from './coverage.ts';
import { explainNearness, isAnswerable, measureCoverage } from './decide.ts';
import { queryTerms } from '../search/query.ts';

const seed = Date.now() & 0x7fffffff;
const passage = (text: string, title = '') => ({ title, text, place: { headings: [] } });

function weights(question: string, frequencies: Record<string, number> = {}) {
  const words = queryTerms(question);
  return weigh(words, words, { frequencies: new Map(Object.entries(frequencies)), chunks: 100 });
}

test('passages that hold the question can answer it, others cannot', () => {
  const asked = weights('parental leave for primary carers');
  assert.ok(isAnswerable(asked, [passage('Primary carers get 18 weeks of parental leave.')], 'quotes'));
  assert.ok(isAnswerable(asked, [passage('They get 18 weeks.', 'Parental leave of primary carers')], 'quotes'), 'the title counts');
  assert.ok(!isAnswerable(asked, [passage('Book trains early.')], 'model'));
  assert.ok(!isAnswerable(asked, [], 'model'));
});

test('a rare word that is missing weighs more than a frequent one that is there', () => {
  const asked = weights('leave in Singapore', { leav: 60 });
  assert.ok(coverage(asked, 'Leave is granted by the lead.') < 0.2);
  assert.ok(coverage(asked, 'The Singapore site.') > 0.8);
});

test('before a model the door stands wider than before quotes', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('leave', 'carers', 'parental', 'weeks', 'travel'), { maxLength: 4 }), (words) => {
    const asked = weights('parental leave weeks carers Singapore');
    const passages = [passage(words.join(' '))];
    if (isAnswerable(asked, passages, 'quotes')) assert.ok(isAnswerable(asked, passages, 'model'));
  }), { seed });
});

test('more text never holds less of a question', () => {
  const words = fc.array(fc.constantFrom('leave', 'carers', 'parental', 'weeks', 'travel', 'hotel'), { maxLength: 6 }).map((all) => all.join(' '));
  fc.assert(fc.property(words, words, (one, other) => {
    const asked = weights('parental leave weeks');
    assert.ok(coverage(asked, `${one} ${other}`) >= coverage(asked, one));
    const { best, together } = measureCoverage(asked, [passage(one), passage(other)]);
    assert.ok(together >= best);
  }), { seed });
});

test('what came nearest says what it holds and what it lacks', () => {
  assert.equal(explainNearness('Is parental leave taxed in Portugal?', passage('Parental leave is 18 weeks.')), 'It mentions “parental” and “leave”, but not “taxed” and “Portugal”.');
  assert.equal(explainNearness('parental leave', passage('Parental leave.')), 'It mentions “parental” and “leave”, but not together as an answer.');
  assert.equal(explainNearness('vacation', passage('Annual leave.')), 'It is about something similar, in other words.');
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
