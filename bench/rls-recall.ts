/**
 * `npm run bench:rls-recall`: how much of what is nearest is found, and how fast, by people who may read 0.1 to 100 %
 * of the chunks: ours beside a plain HNSW index under the same row-level security and beside LangChain's PGVectorStore
 * with a metadata filter, in one run, each asked in turn. Needs DATABASE_URL: a PostgreSQL server.
 * `--quick` takes up to 10,000 chunks and fewer questions; `--chunks 1000,50000` other sizes.
 */
import { parseArgs } from 'node:util';
import { openTestDatabase } from '#lib/db/testing.ts';
import { surroundings } from '#lib/env.ts';
import { percentile, report, row, type Row } from './report.ts';
import { makeContenders, type Contender } from './rls/contenders.ts';
import { makeQueries, makeWorld, nearest, shares, type Share, type World } from './rls/world.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, chunks: { type: 'string' }, seed: { type: 'string', default: '1' }, json: { type: 'string' } } });
const sizes = (options.chunks ?? (options.quick ? '1000,10000' : '1000,10000,50000,100000')).split(',').map(Number);
const questions = options.quick ? 40 : 200;
const k = 10;
const names = ['ours', 'hnsw', 'langchain'] as const;
type Name = (typeof names)[number];

interface Figures {
  recall: number;
  /** Rows that came, of min(k, visible). */
  rows: number;
  median: number;
  p95: number;
}

async function measureSize(chunks: number): Promise<Map<Share, Record<Name, Figures>>> {
  const database = await openTestDatabase();
  try {
    const world = await makeWorld(chunks, Number(options.seed));
    const { contenders, texts, stop } = await makeContenders(database.url);
    const measured = new Map<Share, Record<Name, Figures>>();
    for (const share of shares) measured.set(share, await measureShare({ world, contenders, texts }, share));
    await stop();
    return measured;
  } finally {
    await database.stop();
  }
}

async function measureShare(at: { world: World; contenders: Record<Name, Contender>; texts: Map<number, number> }, share: Share): Promise<Record<Name, Figures>> {
  const { world } = at;
  const reader = world.readers.get(share);
  if (reader === undefined) throw new Error(`Nobody reads ${share}.`);
  const visible = Math.round(world.chunks * share);
  const collectionIds = world.collectionIds.slice(0, Math.max(1, Math.round(world.collectionIds.length * share)));
  const kept = { ours: newTally(), hnsw: newTally(), langchain: newTally() };
  for (const [index, vector] of makeQueries(world, share, questions).entries()) {
    const truth = new Set(nearest(world, vector, { visible, k }));
    // Each contender is first, second and last equally often.
    for (let turn = 0; turn < names.length; turn += 1) {
      const name = names[(index + turn) % names.length] ?? 'ours';
      const begun = performance.now();
      const found = await at.contenders[name]({ reader, collectionIds, vector, k });
      kept[name].times.push(performance.now() - begun);
      kept[name].found += found.filter((id) => truth.has(at.texts.get(Number(id)) ?? -1)).length;
      kept[name].rows += found.length;
    }
  }
  const expected = questions * Math.min(k, visible);
  const figures = ({ times, found, rows }: Tally): Figures => ({ recall: found / expected, rows: rows / expected, median: percentile(times, 0.5), p95: percentile(times, 0.95) });
  return { ours: figures(kept.ours), hnsw: figures(kept.hnsw), langchain: figures(kept.langchain) };
}

interface Tally { times: number[]; found: number; rows: number }

function newTally(): Tally {
  return { times: [], found: 0, rows: 0 };
}

function rowsOf(chunks: number, measured: ReadonlyMap<Share, Record<Name, Figures>>): Row[] {
  return [...measured].flatMap(([share, { ours, hnsw, langchain }]) => {
    const at = `${chunks} chunks, ${share * 100} % visible`;
    return [
      row(`${at}: recall@10, beside plain HNSW`, { ours: ours.recall, beside: hnsw.recall }, { atLeast: 0.99 }),
      row(`${at}: rows of min(k, visible), beside plain HNSW`, { ours: ours.rows, beside: hnsw.rows }, { atLeast: 1, atMost: 1 }),
      row(`${at}: recall@10, beside PGVectorStore`, { ours: ours.recall, beside: langchain.recall }),
      row(`${at}: median ms, beside plain HNSW`, { ours: ours.median, beside: hnsw.median }),
      row(`${at}: p95 ms, beside PGVectorStore`, { ours: ours.p95, beside: langchain.p95 }, share === 0.01 && chunks >= 50_000 ? { of: 'ratio', atMost: 0.1 } : {}),
    ];
  });
}

if ((surroundings()['DATABASE_URL'] ?? '') === '') {
  console.log('bench:rls-recall measures PostgreSQL: set DATABASE_URL to a server on which databases may be made.');
  process.exitCode = 1;
} else {
  const rows: Row[] = [];
  const p95 = new Map<number, number>();
  for (const chunks of sizes) {
    const measured = await measureSize(chunks);
    p95.set(chunks, measured.get(0.01)?.ours.p95 ?? Number.NaN);
    rows.push(...rowsOf(chunks, measured));
  }
  const [first = 0, last = 0] = [sizes[0], sizes.at(-1)];
  const slope = Math.log(( p95.get(last) ?? 0) / (p95.get(first) ?? 0)) / Math.log(last / first);
  if (last > first) rows.push(row(`slope of p95 at 1 % visible from ${first} to ${last} chunks, log-log`, { ours: slope }, { atMost: 0.2 }));
  report(rows, { title: `Nearest visible chunks, ${questions} questions each, seed ${options.seed}`, json: options.json });
}
