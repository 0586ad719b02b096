import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '#lib/errors.ts';
import { registeredModels } from '../registry.ts';
import type { ModelRole } from '../types.ts';
import type { CatalogueEntry } from './catalogue.ts';
import { pick } from './choices.ts';

const entry = (file: string, fields: Partial<CatalogueEntry> = {}, fits: ModelRole[] = ['embedder']): CatalogueEntry => ({
  id: file, file, path: `/models/${file}`, bytes: 1, changedMs: 0, sha256: `sha of ${file}`, problem: null,
  facts: { name: null, architecture: 'bert', parameters: 1, quantisation: null, contextTokens: 512, licence: null, fits, problem: null, cacheBytesPerToken: 0, hasChatTemplate: false },
  ...fields,
});
const registered = registeredModels.find((model) => model.role === 'embedder')?.sha256 ?? '';

test('the first fitting file by name is picked when none is registered', () => {
  assert.equal(pick('embedder', [entry('a', {}, ['generator']), entry('b'), entry('c')], undefined)?.file, 'b');
});

test('a registered default goes before other files', () => {
  assert.equal(pick('embedder', [entry('a'), entry('z', { sha256: registered })], undefined)?.file, 'z');
});

test('what was picked before stays, even when a registered file arrives: vectors must keep their meaning', () => {
  const before = { file: 'b', sha256: 'sha of b', chosen: false };
  assert.equal(pick('embedder', [entry('a', { sha256: registered }), entry('b')], before)?.file, 'b');
  assert.equal(pick('embedder', [entry('a'), entry('b', { sha256: 'other bytes' })], before)?.file, 'a');
});

test('files with a problem or without a hash yet are not picked', () => {
  const damaged = entry('a', { problem: new Problem('model-file-invalid') });
  assert.equal(pick('embedder', [damaged, entry('b', { sha256: null })], undefined), undefined);
});
