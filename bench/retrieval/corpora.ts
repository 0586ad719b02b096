/** Public retrieval sets, read in place from the folder that ATTEST_TEST_DATA names, and made-up corpora of any size. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

export interface Corpus {
  name: string;
  documents: { id: string; title: string; text: string }[];
  /** Each with the documents that answer it, and how well. */
  queries: { text: string; relevant: ReadonlyMap<string, number> }[];
}

const beirDocument = z.object({ _id: z.string(), title: z.string(), text: z.string() });
const beirQuery = z.object({ _id: z.string(), text: z.string() });
const squad = z.object({
  data: z.array(z.object({ paragraphs: z.array(z.object({ context: z.string(), qas: z.array(z.object({ question: z.string() })) })) })),
});

function readLines(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '');
}

/** SciFact, train split: scientific claims and the abstracts that bear on them. */
export function readSciFact(folder: string): Corpus {
  const base = path.join(folder, 'scifact-train');
  const documents = readLines(path.join(base, 'corpus.jsonl')).map((line) => beirDocument.parse(JSON.parse(line)));
  const texts = new Map(readLines(path.join(base, 'queries.jsonl')).map((line) => beirQuery.parse(JSON.parse(line))).map((query) => [query._id, query.text]));
  const relevant = new Map<string, Map<string, number>>();
  for (const line of readLines(path.join(base, 'qrels', 'train.tsv')).slice(1)) {
    const [query = '', document = '', grade = '0'] = line.split('\t');
    if (Number(grade) > 0) relevant.set(query, (relevant.get(query) ?? new Map<string, number>()).set(document, Number(grade)));
  }
  return {
    name: 'SciFact train',
    documents: documents.map(({ _id: id, title, text }) => ({ id, title, text })),
    queries: [...relevant].map(([id, grades]) => ({ text: texts.get(id) ?? '', relevant: grades })),
  };
}

/** XQuAD in one language: each distinct paragraph is a document, and answers the questions asked about it. */
export function readXquad(folder: string, language: string): Corpus {
  const { data } = squad.parse(JSON.parse(readFileSync(path.join(folder, 'xquad', `xquad.${language}.json`), 'utf8')));
  const ids = new Map<string, string>();
  const queries: Corpus['queries'] = [];
  for (const { context, qas } of data.flatMap((article) => article.paragraphs)) {
    const id = ids.get(context) ?? `p${ids.size}`;
    ids.set(context, id);
    for (const { question } of qas) queries.push({ text: question, relevant: new Map([[id, 1]]) });
  }
  return { name: `XQuAD ${language}`, documents: [...ids].map(([text, id]) => ({ id, title: '', text })), queries };
}

/** nDCG@10 of one ranked list. */
export function ndcg(ranked: readonly string[], relevant: ReadonlyMap<string, number>): number {
  const gain = (grades: readonly number[]) => grades.slice(0, 10).reduce((sum, grade, rank) => sum + grade / Math.log2(rank + 2), 0);
  const ideal = gain([...relevant.values()].toSorted((left, right) => right - left));
  return ideal === 0 ? 0 : gain(ranked.slice(0, 10).map((id) => relevant.get(id) ?? 0)) / ideal;
}
