import assert from 'node:assert/strict';
import { test } from 'node:test';
import { condense } from './condense.ts';

const leave = [{ query: 'How many weeks of parental leave do primary carers get?', citedTitles: ['Leave policy'] }];

test('a question that stands alone stays as it is', () => {
  for (const question of [
    'What is the hotel limit in Berlin?',
    'Is there a dress code at the Hamburg office?',
    'Is it allowed to bring a dog to the office on Fridays?',
    'Gibt es einen Zuschuss zum Jobticket?',
    'Which form do I need so that the travel desk books my train?',
  ]) assert.equal(condense(question, leave), question);
});

test('the first question of a conversation stays as it is, whatever it says', () => {
  assert.equal(condense('What about it?', []), 'What about it?');
});

test('a follow-up takes the subject from the question before', () => {
  assert.equal(condense('And for part-timers?', leave), 'And for part-timers? (weeks parental leave primary carers)');
  assert.equal(condense('When must it be taken?', leave), 'When must it be taken? (weeks parental leave primary carers)');
  assert.equal(condense('Is that paid?', leave), 'Is that paid? (weeks parental leave primary carers)');
  assert.match(condense('Why?', leave), /parental leave/);
  assert.match(condense('Und wie lange gilt das?', [{ query: 'Wie beantrage ich Sonderurlaub?', citedTitles: [] }]), /Sonderurlaub/);
});

test('"there" is filled in from the place asked about before', () => {
  const office = [{ query: 'How do I reach the Bremen office?', citedTitles: ['Offices'] }];
  assert.match(condense('Can I park there?', office), /Bremen office/);
});

test('a chain of follow-ups keeps its subject', () => {
  const second = condense('And for part-timers?', leave);
  const third = condense('Who approves it?', [...leave, { query: second, citedTitles: [] }]);
  assert.match(third, /parental leave/);
  assert.match(third, /part-timers/);
});

test('words that the follow-up says itself are not repeated, and no more than eight are added', () => {
  assert.equal(condense('And unpaid parental leave?', leave), 'And unpaid parental leave? (weeks primary carers)');
  const long = [{ query: Array.from({ length: 30 }, (_, index) => `word${index}`).join(' '), citedTitles: [] }];
  assert.equal(condense('And then?', long).split('(')[1]?.split(' ').length, 8);
});

test('where the question before says little, the cited title helps', () => {
  assert.equal(condense('Who signs it?', [{ query: 'The rule?', citedTitles: ['Travel expenses policy'] }]), 'Who signs it? (rule Travel expenses policy)');
});
