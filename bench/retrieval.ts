/**
 * `npm run bench:retrieval`: how good and how fast retrieval is, through the SQL that answers use.
 * Quality: nDCG@10 on public sets (ATTEST_TEST_DATA), by words, by meaning (ATTEST_TEST_EMBEDDER), fused by us, and
 * fused by reciprocal ranks beside it. Speed (`--speed`): words and meaning at 1, 10 and 100 % visibility.
 * On the database that DATABASE_URL names, else on the embedded one. `--quick` asks fewer questions.
 */
import { parseArgs } from 'node:util';
import { ingestActor, type MemberActor } from '#lib/actor.ts';
import { openTestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { surroundings, useEnv } from '#lib/env.ts';
import { embed } from '#lib/models/client.ts';
import { keepEmbeddingModel } from '#lib/models/embedding-model.ts';
import { makeModelsDir, startModelsProcess } from '#lib/models/testing.ts';
import { fuse } from '#lib/search/fuse.ts';
import { findByWords } from '#lib/search/lexical.ts';
import { queryTerms } from '#lib/search/query.ts';
import { findByMeaning } from '#lib/search/semantic.ts';
import { addCollection, addMember } from '#lib/search/testing.ts';
import type { Candidate, EmbedderUsed } from '#lib/search/types.ts';
import { weighQuery, type QueryWeight } from '#lib/search/weight.ts';
import { ndcg, readSciFact, readXquad, type Corpus } from './retrieval/corpora.ts';
import { analyze, loadDocuments } from './retrieval/load.ts';
import { measureSpeed } from './retrieval/speed.ts';
import { report, row, type Row } from './report.ts';

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false }, speed: { type: 'boolean', default: false }, json: { type: 'string' }, chunks: { type: 'string', default: '1000,10000,100000' } } });
const { ATTEST_TEST_DATA: folder, ATTEST_TEST_EMBEDDER: embedderFile } = surroundings();
const listLength = 100;
const rrfConstant = 60;

/** Published for BM25 (bm25s with stemming), from the same sets. */
const published: Record<string, number> = { 'SciFact train': 0.696, 'XQuAD en': 0.96494, 'XQuAD de': 0.92521, 'XQuAD es': 0.95169, 'XQuAD zh': 0.1205 };

interface Ranked { lexical: Candidate[]; semantic: Candidate[]; weight: QueryWeight }

async function measureCorpus(corpus: Corpus, isEmbedded: boolean): Promise<Record<string, number | string>> {
  const database = await openTestDatabase();
  try {
    const admin = await addMember('Ada', 'admin');
    const reader = await addMember('Rea');
    const collectionId = await addCollection(admin, corpus.name, [reader]);
    const vectors = isEmbedded ? await embedAll(corpus.documents.map((document) => `${document.title} ${document.text}`.trim())) : undefined;
    const modelId = vectors === undefined ? undefined : await transaction(ingestActor, (tx) => keepEmbeddingModel(tx, { model: vectors.embedder.name, sha256: vectors.embedder.sha256 }, vectors.vectors[0]?.length ?? 0));
    const ids = await loadDocuments(admin, collectionId, {
      documents: corpus.documents.map(({ title, text }, index) => ({ title, texts: [text], ...(vectors === undefined ? {} : { vectors: [vectors.vectors[index] ?? []] }) })),
      ...(modelId === undefined ? {} : { modelId }),
    });
    await analyze(database.url);
    const publicId = new Map(ids.map((id, index) => [id, corpus.documents[index]?.id ?? '']));
    return await askAll(corpus, { reader, publicId, isEmbedded });
  } finally {
    await database.stop();
  }
}

async function embedAll(texts: readonly string[]): Promise<{ vectors: (readonly number[])[]; embedder: EmbedderUsed }> {
  const vectors: (readonly number[])[] = [];
  let used: EmbedderUsed = { name: '', file: null, sha256: null };
  for (let start = 0; start < texts.length; start += 64) {
    const { vectors: some, embedder } = await embed(texts.slice(start, start + 64), { kind: 'passage' });
    vectors.push(...some);
    used = { name: embedder.model ?? '', file: embedder.file, sha256: embedder.sha256 };
  }
  return { vectors, embedder: used };
}

async function askAll(corpus: Corpus, at: { reader: MemberActor; publicId: Map<string, string>; isEmbedded: boolean }): Promise<Record<string, number | string>> {
  const queries = options.quick ? corpus.queries.filter((_, index) => index % 8 === 0) : corpus.queries;
  const vectors = at.isEmbedded ? await embedAll(queries.map((query) => query.text)) : undefined;
  const documents = await readDocumentsOfChunks(at);
  const sums = { words: 0, meaning: 0, fused: 0, reciprocal: 0 };
  for (const [index, query] of queries.entries()) {
    const vector = vectors?.vectors[index];
    const ranked = await rank(at.reader, query.text, vectors === undefined || vector === undefined ? null : { vector, embedder: vectors.embedder });
    const score = (chunkIds: readonly number[]) => ndcg(chunkIds.map((id) => documents.get(id) ?? ''), query.relevant);
    sums.words += score(ranked.lexical.map((each) => each.chunkId));
    sums.meaning += score(ranked.semantic.map((each) => each.chunkId));
    sums.fused += score(fuse(ranked.lexical, ranked.semantic, ranked.weight).map((each) => each.chunkId));
    sums.reciprocal += score(reciprocal(ranked.lexical, ranked.semantic));
  }
  const mean = (sum: number) => Number((sum / queries.length).toFixed(4));
  return {
    set: corpus.name, questions: queries.length, 'published BM25': published[corpus.name] ?? '', words: mean(sums.words),
    ...(at.isEmbedded ? { meaning: mean(sums.meaning), fused: mean(sums.fused), 'reciprocal ranks': mean(sums.reciprocal) } : {}),
  };
}

/** What is found by words stands beside the published BM25, and what is fused beside reciprocal ranks. */
function rowsOf({ set, words, meaning, fused, ...beside }: Record<string, number | string>): Row[] {
  const published = beside['published BM25'] === '' ? undefined : Number(beside['published BM25']);
  const found = [row(`${set}: by words, beside published BM25`, { ours: Number(words), beside: published })];
  if (meaning === undefined) return found;
  return [...found, row(`${set}: by meaning`, { ours: Number(meaning) }), row(`${set}: fused, beside reciprocal ranks`, { ours: Number(fused), beside: Number(beside['reciprocal ranks']) })];
}

async function readDocumentsOfChunks({ reader, publicId }: { reader: MemberActor; publicId: Map<string, string> }): Promise<Map<number, string>> {
  const rows = await transaction(reader, (tx) => tx.selectFrom('chunks').select(['id', 'document_id']).execute());
  return new Map(rows.map((row) => [row.id, publicId.get(row.document_id) ?? '']));
}

async function rank(reader: MemberActor, question: string, query: { vector: readonly number[]; embedder: EmbedderUsed } | null): Promise<Ranked> {
  const words = queryTerms(question);
  return transaction(reader, async (tx) => {
    const byWords = await findByWords(tx, words, { scope: null, limit: listLength });
    const semantic = query === null ? [] : await findByMeaning(tx, query, { scope: null, limit: listLength });
    return { lexical: byWords.candidates, semantic, weight: weighQuery(words, byWords.frequencies, byWords.visible.chunks) };
  });
}

function reciprocal(...lists: readonly Candidate[][]): number[] {
  const scores = new Map<number, number>();
  for (const list of lists) for (const [place, { chunkId }] of list.entries()) scores.set(chunkId, (scores.get(chunkId) ?? 0) + 1 / (rrfConstant + place + 1));
  return [...scores].toSorted((left, right) => right[1] - left[1]).map(([id]) => id);
}

async function measureQuality(data: string): Promise<void> {
  const models = embedderFile === undefined ? undefined : await startModelsProcess({ modelsDir: await makeModelsDir(['embedder']), ready: ['embedder'] });
  if (models !== undefined) useEnv({ ...surroundings(), MODELS_URL: models.url, MODELS_KEY: models.key });
  try {
    const rows: Row[] = [];
    for (const corpus of [readSciFact(data), ...['en', 'de', 'es', 'ro', 'tr', 'vi', 'zh'].map((language) => readXquad(data, language))]) {
      // The small English embedder of the tests has no tokens for Chinese.
      rows.push(...rowsOf(await measureCorpus(corpus, models !== undefined && corpus.name !== 'XQuAD zh')));
    }
    report(rows, { title: 'nDCG@10', json: options.json });
  } finally {
    await models?.stop();
  }
}

if (options.speed) {
  const measured = await measureSpeed(options.chunks.split(',').map(Number));
  const rows = measured.flatMap(({ chunks, 'may read': share, ...figures }) => Object.entries(figures).map(([name, figure]) => row(`${chunks} chunks, ${share} visible: ${name}`, { ours: Number(figure) })));
  report(rows, { title: 'Searches in SQL', json: options.json });
} else if (folder === undefined) console.log('ATTEST_TEST_DATA does not name a folder with the public sets.');
else await measureQuality(folder);
