/** Holds the import rules of docs/architecture.md by reading the import lines of every source file. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.resolve(import.meta.dirname, '..');
const roots = ['app', 'lib', 'ingest', 'prisma', 'e2e', 'bench', 'scripts'];

/** From the top down: a file imports from its own layer or from lower ones. */
const layers: readonly (readonly string[])[] = [
  ['app', 'ingest', 'e2e', 'bench', 'scripts', 'prisma'],
  ['lib/auth', 'lib/http'],
  ['lib/search', 'lib/answer', 'lib/quality'],
  ['lib/members', 'lib/groups', 'lib/collections', 'lib/documents', 'lib/conversations', 'lib/policies', 'lib/keys', 'lib/scim'],
  ['lib/access'],
  ['lib/audit', 'lib/jobs', 'lib/models'],
  ['lib/db'],
  ['lib'],
];
const nouns = layers[3] ?? [];
/** Who may reach into another root: starting and measuring the product is what scripts and bench are for. */
const rootNeighbours: Record<string, readonly string[]> = { scripts: ['prisma', 'app'], bench: ['scripts', 'prisma'], e2e: ['scripts'], app: [], ingest: [], prisma: [] };

type Import = { readonly line: number; readonly specifier: string; readonly target: string | undefined };
type Source = { readonly file: string; readonly text: string; readonly code: string; readonly imports: readonly Import[] };

const sources = roots.flatMap((folder) => listSources(folder)).map(readSource);
const byFile = new Map(sources.map((source) => [source.file, source]));
const isTest = (file: string): boolean => /\.test\.tsx?$|^e2e\//.test(file);

function listSources(folder: string): string[] {
  if (!fs.existsSync(path.join(root, folder))) return [];
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name))
    .sort();
}

function readSource(file: string): Source {
  const text = fs.readFileSync(path.join(root, file), 'utf8');
  const code = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '$1');
  const imports = [...code.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport\(\s*)'([^'\n]+)'/g)].map((match) => {
    const specifier = match[1] ?? '';
    return { line: code.slice(0, match.index).split('\n').length, specifier, target: resolveImport(file, specifier) };
  });
  return { file, text, code, imports };
}

/** Path of an imported file of ours from the root, undefined for packages. */
function resolveImport(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1);
  if (specifier.startsWith('.')) return path.join(path.dirname(file), specifier);
  return undefined;
}

/** The longest folder of `layers` that holds the file, with its rank. */
function placeOf(file: string): { folder: string; rank: number } {
  const candidates = layers.flatMap((folders, rank) => folders.filter((folder) => file.startsWith(`${folder}/`)).map((folder) => ({ folder, rank })));
  return candidates.toSorted((a, b) => b.folder.length - a.folder.length)[0] ?? { folder: '', rank: -1 };
}

function violations(find: (source: Source, item: Import) => string | undefined): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap((item) => {
      const reason = find(source, item);
      return reason === undefined ? [] : [`${source.file}:${item.line} imports ${item.specifier}: ${reason}`];
    }),
  );
}

function assertNone(found: readonly string[]): void {
  assert.equal(found.length, 0, `\n${found.join('\n')}\n`);
}

const packageOf = (specifier: string): string => specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');

test('the tree is being read', () => {
  assert.ok(sources.length > 20);
  assert.ok(sources.some((source) => source.imports.length > 3));
});

test('every folder of lib has a place in the order of layers', () => {
  const folders = fs.readdirSync(path.join(root, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = layers.flat();
  assertNone(folders.map((entry) => `lib/${entry.name}`).filter((folder) => !known.includes(folder)));
});

test('imports point downwards', () => {
  const found = violations(({ file }, { target }) => {
    if (target === undefined || isTest(file)) return undefined;
    const from = placeOf(file);
    const to = placeOf(target);
    // The events of an answer are plain types, read by pages, conversations and the answer path alike.
    if (target === 'lib/answer/events.ts' && file.endsWith('/types.ts')) return undefined;
    return to.rank < from.rank ? `${from.folder} is below ${to.folder}` : undefined;
  });
  assertNone(found);
});

test('the roots do not import each other', () => {
  const found = violations(({ file }, { target }) => {
    const from = file.split('/')[0] ?? '';
    const to = target?.split('/')[0] ?? 'lib';
    if (to === 'lib' || to === from || from === 'lib' || isTest(file)) return undefined;
    return rootNeighbours[from]?.includes(to) ? undefined : `${from} and ${to} are separate roots`;
  });
  assertNone(found);
});

test("nouns use each other's read.ts and types.ts, never write.ts", () => {
  const found = violations(({ file }, { target }) => {
    if (target === undefined || isTest(file)) return undefined;
    const from = placeOf(file).folder;
    const to = placeOf(target).folder;
    return from !== to && nouns.includes(from) && nouns.includes(to) && target.endsWith('/write.ts') ? 'a noun changes only its own rows' : undefined;
  });
  assertNone(found);
});

test('pg is imported in lib/db only', () => {
  assertNone(violations(({ file }, { specifier }) => (packageOf(specifier) === 'pg' && !file.startsWith('lib/db/') && !isTest(file) ? 'go through lib/db/transaction.ts' : undefined)));
});

test('node-llama-cpp is imported in lib/models/server only', () => {
  assertNone(violations(({ file }, { specifier }) => (packageOf(specifier) === 'node-llama-cpp' && !file.startsWith('lib/models/server/') ? 'a crash in it must not reach this process' : undefined)));
});

test('process.env is read in lib/env.ts only', () => {
  assertNone(sources.filter(({ file, code }) => file !== 'lib/env.ts' && file !== 'scripts/architecture.test.ts' && /\bprocess\.env\b/.test(code)).map(({ file }) => file));
});

test('responses are made in lib/http only', () => {
  const makes = /\bnew (?:Next)?Response\(|\b(?:Next)?Response\.(?:json|redirect|error)\(/;
  assertNone(sources.filter(({ file, code }) => !file.startsWith('lib/http/') && !isTest(file) && makes.test(code)).map(({ file }) => file));
});

test('code for the browser takes nothing from lib but types.ts files and lib/answer/events.ts', () => {
  const browser = new Set(sources.filter(({ text }) => /^\s*(?:\/\*[\s\S]*?\*\/\s*)?['"]use client['"]/.test(text)).map(({ file }) => file));
  const waiting = [...browser];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const { target } of byFile.get(file)?.imports ?? []) {
      if (target === undefined || !target.startsWith('app/') || browser.has(target)) continue;
      browser.add(target);
      waiting.push(target);
    }
  }
  const found = violations(({ file }, { target }) => {
    if (!browser.has(file) || !target?.startsWith('lib/')) return undefined;
    return target.endsWith('/types.ts') || target === 'lib/answer/events.ts' || target === 'lib/actor.ts' ? undefined : 'this file runs in the browser';
  });
  assertNone(found);
});

test('what the browser takes from lib brings nothing else along', () => {
  const shared = sources.filter(({ file }) => file.startsWith('lib/') && (file.endsWith('/types.ts') || file === 'lib/answer/events.ts'));
  const found = shared.flatMap(({ file, imports }) =>
    imports
      .filter(({ specifier, target }) => (target === undefined ? specifier !== 'zod' : !/\/types\.ts$|^lib\/(?:answer\/events|actor|errors)\.ts$/.test(target)))
      .map(({ specifier, line }) => `${file}:${line} imports ${specifier}`),
  );
  assertNone(found);
});

test('no two files keep different things in the process under one name', () => {
  const places = sources.flatMap(({ file, code }) => [...new Set([...code.matchAll(/typeof globalThis & \{([^}]*)\}/g)].flatMap(([, names = '']) => [...names.matchAll(/(\w+)\?:/g)].map(([, name]) => name)))].map((name) => ({ file, name })));
  assert.ok(places.length > 3);
  assertNone(places.filter(({ file, name }) => places.some((other) => other.name === name && other.file !== file)).map(({ file, name }) => `${file} keeps ${name}`));
});

test('no folder or file is named after nothing, and no file only passes exports on', () => {
  const empty = /(?:^|\/)(?:utils?|helpers?|common|misc|services?|shared|managers?)(?:\/|\.tsx?$)/;
  assertNone(sources.map(({ file }) => file).filter((file) => empty.test(file)));
  const barrels = sources.filter(({ code }) => /^\s*export\s+(?:\*|\{[^}]*\})\s+from/m.test(code) && !/^\s*(?:export\s+)?(?:async\s+)?(?:function|const|class|type|interface)\b/m.test(code));
  assertNone(barrels.map(({ file }) => file));
});

test('every source file begins by saying what it is', () => {
  assertNone(sources.filter(({ text, file }) => !file.endsWith('.generated.ts') && !isTest(file) && !/^(?:#!.*\n|'use (?:client|server)';\s*)?\/\*\*/.test(text)).map(({ file }) => file));
});
