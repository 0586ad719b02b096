/**
 * `npm run audit:coverage`: whether everything that is audited is audited. Every route file and job queue has its events or
 * a reason why none, every event is recorded somewhere in the code, and a test looks for it. Prints what is not so and,
 * as its last line, `N actions, N tested`. A unit test runs the same.
 */
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { auditEvents } from '#lib/audit/types.ts';
import { queues } from '#lib/db/queue-tables.ts';
import { matrix, type MatrixCell } from '#lib/http/matrix.ts';
import { jobRecords } from '#lib/jobs/records.ts';

const root = path.join(import.meta.dirname, '..');
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
/** Tables of events: naming one there neither records nor tests it. */
const tables = ['lib/audit/types.ts', 'lib/audit/siem/ocsf-classes.ts', 'lib/http/matrix.ts', 'lib/jobs/records.ts'];
/** What a test does to have a record, not to look for one. */
const writers = /^(?:.*\.)?(?:append\w*|insert\w*|values|makeRecord|startDelivery)$/;

type Records = MatrixCell['records'];

export interface Coverage {
  /** Calls of routes and queues that leave events, as `METHOD /path` and `job name`. */
  actions: { name: string; events: readonly string[] }[];
  /** Event -> file that records it; event -> test that looks for it. */
  recorded: Map<string, string>;
  tested: Map<string, string>;
  /** A sentence for everything that is not mapped, not recorded or not tested. */
  faults: string[];
}

/** Reads the tree. Events of other tables than given count as unknown. */
export function readCoverage(folder: string = root): Coverage {
  const { actions, faults } = readActions(folder);
  const names = Object.keys(auditEvents);
  const sources = listSources(folder);
  const recorded = findEvents(folder, sources.filter((file) => !isTest(file)), () => true);
  const tested = findEvents(folder, sources.filter(isTest), looksFor);
  faults.push(
    ...names.filter((name) => !recorded.has(name)).map((name) => `${name} is recorded nowhere`),
    ...names.filter((name) => !tested.has(name)).map((name) => `${name} is looked for by no test`),
    ...names.filter((name) => !actions.some(({ events }) => events.includes(name)) && !outsideRoutes.has(name)).map((name) => `${name} belongs to no route and no queue`),
  );
  return { actions, recorded, tested, faults };
}

/** Events of what is neither a route nor a job, and what that is. */
const outsideRoutes: ReadonlyMap<string, string> = new Map([
  ['admin-link.made', 'npm run admin:link'],
  ['key.refused', 'any route that takes API keys'],
  ['request.refused', 'any route'],
  ['settings.changed', 'the demo company'],
  ['document.purged', 'the queue purge-document'],
  ['signing-key.taken', 'the part that signs checkpoints'],
  ['signing.stopped', 'the part that signs checkpoints'],
  ['signing.resumed', 'npm run audit:resume'],
]);

function readActions(folder: string): Pick<Coverage, 'actions' | 'faults'> {
  const actions: Coverage['actions'] = [];
  const faults: string[] = [];
  const add = (name: string, records: Records | undefined): void => {
    if (records === undefined) faults.push(`${name} has no row that says what it leaves in the audit log`);
    else if (!('none' in records)) actions.push({ name, events: records });
    else if (records.none.trim().length < 5) faults.push(`${name} leaves nothing in the audit log and does not say why`);
  };
  for (const file of fs.globSync('app/**/route.ts', { cwd: folder }).sort()) {
    const address = addressOf(file);
    const row = matrix.find((one) => one.path === address);
    for (const method of methodsIn(fs.readFileSync(path.join(folder, file), 'utf8'))) add(`${method} ${address}`, row?.[method]?.records);
  }
  for (const name of Object.keys(queues)) add(`job ${name}`, jobRecords[name]);
  return { actions, faults };
}

function addressOf(file: string): string {
  const segments = path.dirname(path.relative('app', file)).split(path.sep).filter((segment) => !/^\(.*\)$/.test(segment));
  return ['', ...segments.map((segment) => segment.replace(/^\[\[?\.\.\.(.+?)\]\]?$/, ':$1*').replace(/^\[(.+)\]$/, ':$1'))].join('/');
}

/** The methods that a route file exports, in whichever way. */
function methodsIn(text: string): (typeof methods)[number][] {
  const exported = [...text.matchAll(/^export (?:const|async function|function|\{)[^=(;]*/gm)].map(([found]) => found).join(' ');
  return methods.filter((method) => new RegExp(`\\b${method}\\b`).test(exported));
}

function listSources(folder: string): string[] {
  return fs.globSync('{app,e2e,ingest,lib,prisma,scripts}/**/*.{ts,tsx}', { cwd: folder }).filter((file) => !tables.includes(file) && !file.startsWith('app/_ui/') && !file.includes('audit-coverage') && !file.startsWith('lib/audit/siem/')).sort();
}

const isTest = (file: string): boolean => /\.(?:test|spec)\.tsx?$|(?:^|\/)testing[^/]*\.ts$|^e2e\//.test(file);

/** The first place of every event that `counts`. Types name events too; only expressions count. */
function findEvents(folder: string, files: readonly string[], counts: (node: ts.Node) => boolean): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    const inText = Object.keys(auditEvents).filter((name) => text.includes(`'${name}'`) && !found.has(name));
    if (inText.length === 0) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteral(node) && inText.includes(node.text) && !ts.isLiteralTypeNode(node.parent) && counts(node)) found.set(node.text, file);
      node.forEachChild(visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return found;
}

/** Not what the test itself writes. */
function looksFor(node: ts.Node): boolean {
  for (let above = node.parent; !ts.isSourceFile(above); above = above.parent) {
    if (ts.isCallExpression(above) && writers.test(above.expression.getText())) return false;
  }
  return true;
}

if (import.meta.main) {
  const { actions, tested, faults } = readCoverage();
  for (const fault of faults) console.log(`✖ ${fault}`);
  const done = actions.filter(({ events }) => events.every((event) => tested.has(event)));
  for (const { name, events } of actions.filter((action) => !done.includes(action))) console.log(`✖ ${name}: no test looks for ${events.filter((event) => !tested.has(event)).join(', ')}`);
  console.log(`${actions.length} actions, ${done.length} tested`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
