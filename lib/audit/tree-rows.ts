/** Keeps the log's tree in the database: reads its hashes, and adds the subtrees that new records complete. */
import { sql } from 'kysely';
import type { Tx } from '../db/transaction.ts';
import { hashBytes, rootOf } from './merkle.ts';
import { fold, tileWidth, TreeGap, type ReadHashes } from './tree.ts';

/** Tiles that one transaction adds at most, so that it stays short on a log that was never signed. */
const tilesAtOnceMax = 64;

/** Hashes of one level, the end not included. */
interface Range {
  level: number;
  start: number;
  end: number;
}

/** Reads hashes within `tx`: leaves from complete tiles where there are some, from the records themselves at the end of the log. */
export function hashesIn(tx: Tx): ReadHashes {
  return async (level, start, end) => {
    if (end <= start) return [];
    const hashes = level > 0 ? await readTiles(tx, { level, start, end }) : await readLeaves(tx, start, end);
    const next = start + hashes.length;
    if (next === end) return hashes;
    if (level === 0) throw new TreeGap(next);
    return [...hashes, ...(await foldBelow(tx, { level, start: next, end }))];
  };
}

/** Hashes that are not kept (yet), from those of the level below. */
async function foldBelow(tx: Tx, { level, start, end }: Range): Promise<Buffer[]> {
  const hashes: Buffer[] = [];
  for (let index = start; index < end; index += 1) {
    hashes.push(rootOf({ size: tileWidth, hashes: fold(await hashesIn(tx)(level - 1, index * tileWidth, (index + 1) * tileWidth)) }));
  }
  return hashes;
}

async function readTiles(tx: Tx, { level, start, end }: Range): Promise<Buffer[]> {
  const rows = await tx.selectFrom('audit_tiles').select(['index', 'hash']).where('level', '=', level).where('index', '>=', start).where('index', '<', end).orderBy('index').execute();
  return upToGap(rows.map(({ index, hash }) => ({ at: index, hash })), start);
}

async function readLeaves(tx: Tx, start: number, end: number): Promise<Buffer[]> {
  const first = Math.floor(start / tileWidth);
  const tiles = await tx.selectFrom('audit_tiles').select(['index', 'leaves']).where('level', '=', 1)
    .where('index', '>=', first).where('index', '<=', Math.floor((end - 1) / tileWidth)).orderBy('index').execute();
  const whole = upToGap(tiles.map(({ index, leaves }) => ({ at: index, hash: leaves ?? Buffer.alloc(0) })), first);
  const covered = Math.max(start, (first + whole.length) * tileWidth);
  const kept = split(Buffer.concat(whole)).slice(start - first * tileWidth, end - first * tileWidth);
  if (covered >= end) return kept;
  const rows = await tx.selectFrom('audit_records').select(['seq', 'leaf_hash']).where('seq', '>=', covered).where('seq', '<', end).orderBy('seq').execute();
  return [...kept, ...upToGap(rows.map(({ seq, leaf_hash: hash }) => ({ at: seq, hash })), covered)];
}

/** The hashes from `start` on, as long as none is missing. */
function upToGap(rows: { at: number; hash: Buffer }[], start: number): Buffer[] {
  const gap = rows.findIndex(({ at }, index) => at !== start + index);
  return (gap < 0 ? rows : rows.slice(0, gap)).map(({ hash }) => hash);
}

function split(hashes: Buffer): Buffer[] {
  return Array.from({ length: hashes.length / hashBytes }, (_, index) => hashes.subarray(index * hashBytes, (index + 1) * hashBytes));
}

/** Adds what the first `size` records complete and is not kept yet. True when nothing is left to add. Throws TreeGap. */
export async function growTree(tx: Tx, size: number): Promise<boolean> {
  let below = size;
  let isComplete = true;
  for (let level = 1; below >= tileWidth; level += 1) {
    const kept = await countTiles(tx, level);
    const wanted = Math.floor(below / tileWidth);
    const until = level === 1 ? Math.min(wanted, kept + tilesAtOnceMax) : wanted;
    isComplete &&= until === wanted;
    if (until > kept) await addTiles(tx, { level, start: kept, end: until });
    below = Math.max(until, kept);
  }
  return isComplete;
}

async function countTiles(tx: Tx, level: number): Promise<number> {
  const { next } = await tx.selectFrom('audit_tiles').select((e) => e.fn.max('index').as('next')).where('level', '=', level).executeTakeFirstOrThrow();
  return next === null ? 0 : next + 1;
}

async function addTiles(tx: Tx, { level, start: from, end: until }: Range): Promise<void> {
  const source = level === 1
    ? sql`select seq as at, leaf_hash as hash from audit_records where seq >= ${from * tileWidth} and seq < ${until * tileWidth}`
    : sql`select index as at, hash from audit_tiles where level = ${level - 1} and index >= ${from * tileWidth} and index < ${until * tileWidth}`;
  const { rows } = await sql<{ tile: number; count: number; hashes: Buffer }>`
    select at / ${tileWidth} as tile, count(*) as count, string_agg(hash, ''::bytea order by at) as hashes
    from (${source}) below group by 1 order by 1`.execute(tx);
  const added = [];
  for (let index = from; index < until; index += 1) {
    const row = rows.find(({ tile }) => tile === index);
    if (row?.count !== tileWidth) throw new TreeGap(await findGap(tx, level, index));
    added.push({ level, index, hash: rootOf({ size: tileWidth, hashes: fold(split(row.hashes)) }), leaves: level === 1 ? row.hashes : null });
  }
  await tx.insertInto('audit_tiles').values(added).execute();
}

/** The number of the first record that a tile lacks. */
async function findGap(tx: Tx, level: number, index: number): Promise<number> {
  const start = index * tileWidth ** level;
  const { rows } = await sql<{ seq: number }>`
    select n as seq from generate_series(${start}::bigint, ${start + tileWidth ** level - 1}::bigint) n
    where not exists (select from audit_records r where r.seq = n) order by 1 limit 1`.execute(tx);
  return rows[0]?.seq ?? start;
}
