/**
 * `npm run bench:grant-change`: what it costs to grant, change and take away the right to one document, by how much text
 * the document holds. Rights hang on documents and never on chunks, so the cost must not grow: 10,000 chunks beside 10
 * in one run, each asked in turn. After each act the reader asks for the document, to see that it has counted.
 * On the database that DATABASE_URL names, else on the embedded one. `--quick` takes fewer rounds.
 */
import { parseArgs } from 'node:util';
import type { MemberActor } from '#lib/actor.ts';
import { requireMade } from '#lib/access/propose.ts';
import { addGrant, changeGrant, removeGrant } from '#lib/collections/grants.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { addCollection, addMember } from '#lib/search/testing.ts';
import { percentile, report, row } from './report.ts';
import { analyze, loadDocuments } from './retrieval/load.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } } });
const sizes = [10, 100, 1000, 10_000] as const;
const rounds = options.quick ? 40 : 300;
const slopeMax = 0.05;

interface Subject { chunks: number; documentId: string; times: number[] }

async function measureOne(admin: MemberActor, reader: MemberActor, { collectionId, subject }: { collectionId: string; subject: Subject }): Promise<void> {
  const begun = performance.now();
  const grant = requireMade(await addGrant(admin, collectionId, { to: { kind: 'member', id: reader.id }, permission: 'read', expiresAt: null, documentId: subject.documentId }));
  await seen(reader, subject.documentId, 1);
  const changed = requireMade(await changeGrant(admin, grant.id, { permission: 'edit', expiresAt: null, revision: grant.revision }));
  await removeGrant(admin, grant.id, changed.revision);
  await seen(reader, subject.documentId, 0);
  subject.times.push(performance.now() - begun);
}

async function seen(reader: MemberActor, documentId: string, expected: number): Promise<void> {
  const rows = await transaction(reader, (tx) => tx.selectFrom('chunks').select('id').where('document_id', '=', documentId).limit(1).execute());
  if (rows.length !== expected) throw new Error(`A reader sees ${rows.length} chunks where ${expected} were expected.`);
}

const database = await openTestDatabase();
try {
  const admin = await addMember('Ada', 'admin');
  const reader = await addMember('Rea');
  const collectionId = await addCollection(admin, 'Documents', []);
  const subjects: Subject[] = [];
  for (const chunks of sizes) {
    const texts = Array.from({ length: chunks }, (_, index) => `Passage ${index} of ${chunks}`);
    const [documentId = ''] = await loadDocuments(admin, collectionId, { documents: [{ title: `${chunks} chunks`, texts }] });
    subjects.push({ chunks, documentId, times: [] });
  }
  await analyze(database.url);
  for (let round = 0; round < rounds; round += 1) {
    for (const subject of round % 2 === 0 ? subjects : subjects.toReversed()) await measureOne(admin, reader, { collectionId, subject });
  }
  const [first, ...others] = subjects.map(({ chunks, times }) => ({ chunks, median: percentile(times, 0.5), p95: percentile(times, 0.95) }));
  const last = others.at(-1);
  if (first === undefined || last === undefined) throw new Error('Nothing was measured.');
  const slope = Math.log(last.median / first.median) / Math.log(last.chunks / first.chunks);
  report([
    ...others.flatMap(({ chunks, median, p95 }) => [
      row(`grant, read, change, take away, ms (median): ${chunks} chunks beside ${first.chunks}`, { ours: median, beside: first.median }),
      row(`the same, p95: ${chunks} chunks beside ${first.chunks}`, { ours: p95, beside: first.p95 }),
    ]),
    row(`slope of the median from ${first.chunks} to ${last.chunks} chunks, log-log`, { ours: slope }, { atMost: slopeMax, atLeast: -slopeMax }),
  ], { title: `What changing a right costs, ${rounds} rounds`, json: options.json });
} finally {
  await database.stop();
}
