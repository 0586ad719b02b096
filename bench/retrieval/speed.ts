/**
 * How long the two searches take in SQL, by number of chunks and by how much of them the asker may read. The words of
 * the made-up texts are as unevenly frequent as those of a language (Zipf); vectors stand in clusters.
 */
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { keepEmbeddingModel } from '#lib/models/embedding-model.ts';
import { findByWords } from '#lib/search/lexical.ts';
import { queryTerms } from '#lib/search/query.ts';
import { findByMeaning } from '#lib/search/semantic.ts';
import { addCollection, addMember } from '#lib/search/testing.ts';
import { analyze, loadDocuments, type LoadedDocument } from './load.ts';

const chunksPerDocument = 50;
const wordsPerChunk = 90;
const vocabulary = 20_000;
const dimensions = 384;
const clusters = 60;
const rounds = 40;
const embedder = { name: 'made-up', file: null, sha256: null };
export async function measureSpeed(sizes: readonly number[]): Promise<Record<string, string | number>[]> {
  const rows = [];
  for (const chunks of sizes) rows.push(...(await measureSize(chunks)));
  return rows;
}

async function measureSize(chunks: number): Promise<Record<string, string | number>[]> {
  const database = await openTestDatabase();
  const random = randomFrom(chunks);
  try {
    const admin = await addMember('Ada', 'admin');
    const readers = { '1 %': await addMember('One'), '10 %': await addMember('Ten'), '100 %': await addMember('All') };
    const all = Math.max(1, Math.round(chunks / chunksPerDocument));
    const modelId = await transaction(ingestActor, (tx) => keepEmbeddingModel(tx, { model: embedder.name, sha256: null }, dimensions));
    const centres = Array.from({ length: clusters }, () => Array.from({ length: dimensions }, () => random() - 0.5));
    // Nested: what the 1 % may read, the 10 % and 100 % may read too.
    const parts = [Math.max(1, Math.round(all * 0.01)), Math.max(1, Math.round(all * 0.09)), Math.max(1, all - Math.round(all * 0.1))];
    const whoReads = [[readers['1 %'], readers['10 %'], readers['100 %']], [readers['10 %'], readers['100 %']], [readers['100 %']]];
    for (const [index, count] of parts.entries()) {
      const collectionId = await addCollection(admin, `Part ${index}`, whoReads[index] ?? []);
      for (let start = 0; start < count; start += 200) {
        const documents = Array.from({ length: Math.min(200, count - start) }, () => makeDocument(random, centres));
        await loadDocuments(admin, collectionId, { documents, modelId });
      }
    }
    await analyze(database.url);
    const rows = [];
    for (const [share, reader] of Object.entries(readers)) rows.push({ chunks, 'may read': share, ...(await measureReader(reader, random, centres)) });
    return rows;
  } finally {
    await database.stop();
  }
}

async function measureReader(reader: MemberActor, random: () => number, centres: readonly number[][]): Promise<Record<string, string | number>> {
  const words: number[] = [];
  const meanings: number[] = [];
  let found = 0;
  for (let round = 0; round < rounds; round += 1) {
    // Two usual words, two rare ones.
    const question = [word(20 + Math.floor(random() * 200)), word(200 + Math.floor(random() * 800)), zipfWord(random), word(1000 + Math.floor(random() * 9000))].join(' ');
    const vector = near(centres[Math.floor(random() * clusters)] ?? [], random);
    let begun = performance.now();
    const byWords = await transaction(reader, (tx) => findByWords(tx, queryTerms(question), { scope: null, limit: 100 }));
    words.push(performance.now() - begun);
    begun = performance.now();
    await transaction(reader, (tx) => findByMeaning(tx, { vector, embedder }, { scope: null, limit: 100 }));
    meanings.push(performance.now() - begun);
    found += byWords.candidates.length;
  }
  return { 'words ms': median(words), 'words p95': percentile(words, 0.95), 'meaning ms': median(meanings), 'meaning p95': percentile(meanings, 0.95), 'found by words': Math.round(found / rounds) };
}

function makeDocument(random: () => number, centres: readonly number[][]): LoadedDocument {
  const centre = centres[Math.floor(random() * clusters)] ?? [];
  return {
    title: `${zipfWord(random)} ${zipfWord(random)}`,
    texts: Array.from({ length: chunksPerDocument }, () => Array.from({ length: wordsPerChunk }, () => zipfWord(random)).join(' ')),
    vectors: Array.from({ length: chunksPerDocument }, () => near(centre, random)),
  };
}

function near(centre: readonly number[], random: () => number): number[] {
  const vector = centre.map((value) => value + (random() - 0.5) * 0.6);
  const length = Math.hypot(...vector);
  return vector.map((value) => Number((value / length).toFixed(5)));
}

// Frequency falls with rank, as in a language.
function zipfWord(random: () => number): string {
  return word(Math.floor(vocabulary ** random()));
}

function word(rank: number): string {
  return `w${rank.toString(26).replace(/[0-9]/g, (digit) => String.fromCharCode(113 + Number(digit)))}k`;
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1));
}

/** Mulberry32: the same corpus in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
