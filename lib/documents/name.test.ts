import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanFileName, cleanTitle, titleOf } from './name.ts';

test('titles come from file names as a person would write them', () => {
  assert.equal(titleOf('travel-and-expenses-policy.pdf'), 'Travel and expenses policy');
  assert.equal(titleOf('code_of_conduct.docx'), 'Code of conduct');
  assert.equal(titleOf('Annual Report 2026 - final.pdf'), 'Annual Report 2026 - final');
  assert.equal(titleOf('INV-2024-0031.pdf'), 'INV-2024-0031');
  assert.equal(titleOf('HX-4-data.xlsx'), 'HX-4-data');
  assert.equal(titleOf('länderanhang-österreich.md'), 'Länderanhang österreich');
  assert.equal(titleOf('README'), 'README');
  assert.equal(titleOf('.env'), '.env');
});

test('a file name is one visible line without folders, and keeps its extension however long it is', () => {
  assert.equal(cleanFileName('C:\\Users\\me\\report.pdf'), 'report.pdf');
  assert.equal(cleanFileName('../../etc/passwd'), 'passwd');
  assert.equal(cleanFileName('invoice\u202efdp.exe'), 'invoicefdp.exe');
  assert.equal(cleanFileName('..'), 'file');
  assert.match(cleanFileName(`${'a'.repeat(900)}.pdf`), /^a{196}\.pdf$/);
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
    const clean = cleanFileName(name);
    assert.ok(clean.length > 0 && clean.length <= 200 && clean.isWellFormed());
    assert.ok(!/[/\\\p{Cc}\u202e]/u.test(clean));
    assert.ok(titleOf(name).length > 0);
    assert.ok(!/[\p{Cc}]/u.test(cleanTitle(name)));
  }));
});
