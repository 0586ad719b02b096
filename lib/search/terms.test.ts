import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fold, terms } from './terms.ts';

const seed = Date.now() & 0x7fffffff;

function same(left: string, right: string): void {
  assert.deepEqual(terms(left), terms(right), `${left} / ${right}`);
}

test('forms of an English word are one term', () => {
  same('policies', 'policy');
  same('employees', 'employee');
  same('running runs', 'run run');
  same('activated', 'activate');
  same("the employee's leave", 'the employee leave');
  same('employment', 'employ');
});

test('words that mean different people stay apart', () => {
  assert.notDeepEqual(terms('employee'), terms('employer'));
  assert.notDeepEqual(terms('note'), terms('not'));
});

test('forms of a German word are one term', () => {
  same('Prüfungen', 'Prüfung');
  same('Tage Tagen', 'Tag Tag');
  same('Mitarbeitern', 'Mitarbeiter');
  same('GRÖSSE', 'Größe');
  same('Urlaubs', 'Urlaub');
});

test('an identifier is found whole, by its parts and however it is joined', () => {
  assert.ok(terms('INV-2024-0031').includes('inv20240031'));
  assert.ok(terms('inv 2024').every((term) => terms('INV-2024-0031').includes(term)));
  assert.ok(terms('HX-4').includes(terms('HX4')[0] ?? ''));
  assert.ok(terms('see § 14(2)').includes('§14'));
  assert.ok(terms('§14').includes('14'));
});

test('numbers agree whatever their separators', () => {
  assert.deepEqual(terms('1,200'), ['1200']);
  assert.deepEqual(terms('1.200'), ['1200']);
  assert.deepEqual(terms('1,5'), ['1.5']);
  assert.deepEqual(terms('12,000.50'), ['12000.50']);
  assert.deepEqual(terms('0031'), ['31']);
});

test('scripts without spaces become pairs of characters', () => {
  assert.deepEqual(terms('日本語'), ['日本', '本語']);
  assert.deepEqual(terms('東京2020年'), ['東京', '2020', '年']);
  assert.deepEqual(terms('水'), ['水']);
});

test('composed and decomposed spellings, upper and lower case give the same terms', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
    assert.deepEqual(terms(text.normalize('NFD')), terms(text.normalize('NFC')));
  }), { seed });
  fc.assert(fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 200 }), (text) => {
    assert.deepEqual(terms(text.toUpperCase()), terms(text.toLowerCase()));
  }), { seed });
});

test('any text gives terms that the index can hold', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
    for (const term of terms(text)) {
      assert.ok(term.length > 0 && term.length <= 64, JSON.stringify(term));
      assert.doesNotMatch(term, /[\s\0]/);
    }
  }), { seed });
});

test('terms of a text are the terms of its words', () => {
  fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-zäöüß]{1,12}$/), { maxLength: 20 }), (words) => {
    assert.deepEqual(terms(words.join(' ')), words.flatMap((word) => terms(word)));
  }), { seed });
});

test('folding twice changes nothing', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
    assert.equal(fold(fold(text)), fold(text));
  }), { seed });
});

test('cutting keeps up with reading: at least 2 MB for a second of one core', () => {
  const text = 'The employees of Müller GmbH receive twenty-five days of annual leave, INV-2024-0031, § 14(2). '.repeat(20_000);
  terms(text.slice(0, 10_000));
  const begun = process.cpuUsage();
  terms(text);
  const { user, system } = process.cpuUsage(begun);
  const megabytesPerSecond = Buffer.byteLength(text) / (user + system);
  assert.ok(megabytesPerSecond > 2, `${megabytesPerSecond.toFixed(1)} MB/s`);
});

test('the properties above can be run again', (t) => t.diagnostic(`fast-check seed ${seed}`));
