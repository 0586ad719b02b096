/**
 * Holds the demo company together: files and manifest agree, the generated files are what their sources say,
 * and every example question can be answered from the documents that its askers may read.
 */
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import * as xlsx from '@e965/xlsx';
import { strFromU8, unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { listSources, makeFile } from './build.ts';
import { collections, disagreements, documents, groups, members, questions } from './company.ts';
import type { DemoMember } from './company.ts';

const folder = path.join(import.meta.dirname, 'files');
const formats = ['csv', 'docx', 'html', 'md', 'pdf', 'pptx', 'txt', 'xlsx'];
const countsMin: Readonly<Record<string, number>> = { pdf: 8, docx: 4, xlsx: 2, pptx: 2 };
const textByFile = new Map<string, string>();
for (const { file } of documents) textByFile.set(file, await readText(file));

test('every document of the manifest has a file, and every file a document', () => {
  assert.deepEqual(globSync('**/*.*', { cwd: folder }).map((file) => file.replaceAll('\\', '/')).sort(), documents.map(({ file }) => file).sort());
  assert.equal(new Set(documents.map(({ title }) => title)).size, documents.length);
});

test('there are enough documents, in all formats, each with real content', () => {
  assert.ok(documents.length >= 32);
  assert.deepEqual([...new Set(documents.map(({ file }) => path.extname(file).slice(1)))].sort(), formats);
  for (const [format, least] of Object.entries(countsMin)) assert.ok(documents.filter(({ file }) => file.endsWith(`.${format}`)).length >= least, format);
  for (const [file, text] of textByFile) {
    const words = text.split(' ').length;
    assert.ok(words >= 150, `${file} has ${words} words`);
    // A slide deck, a table and a workbook say much with few words.
    if (/\.(pdf|docx|md|html|txt)$/.test(file)) assert.ok(words >= 400 && words <= 2000, `${file} has ${words} words`);
  }
});

test('at least four PDFs have three pages or more', async () => {
  const counts = await Promise.all(documents.filter(({ file }) => file.endsWith('.pdf')).map(async ({ file }) => (await openPdf(file)).numPages));
  assert.ok(counts.filter((count) => count >= 3 && count <= 8).length >= 4, counts.join(' '));
});

test('the committed PDF, Word, Excel and PowerPoint files are what the generator makes of their sources', async () => {
  for (const source of listSources()) {
    const { file, bytes } = await makeFile(source);
    assert.equal(await textOf(file, bytes), textByFile.get(file), `${file} is older than its source: run node prisma/demo/build.ts`);
  }
});

test('no office file announces a part that it does not hold', async () => {
  for (const { file } of documents.filter((document) => /\.(docx|pptx|xlsx)$/.test(document.file))) {
    const parts = unzipSync(await readFile(path.join(folder, file)));
    const announced = [...strFromU8(parts['[Content_Types].xml'] ?? new Uint8Array()).matchAll(/PartName="\/([^"]+)"/g)].map((match) => match[1] ?? '');
    assert.ok(announced.length > 3);
    assert.deepEqual(announced.filter((name) => parts[name] === undefined), [], file);
  }
});

test('making a file twice gives the same bytes', async () => {
  for (const format of ['pdf', 'docx', 'xlsx', 'pptx']) {
    const source = listSources().find((candidate) => candidate.endsWith(`.${format}.md`)) ?? '';
    const [first, second] = [await makeFile(source), await makeFile(source)];
    assert.ok(Buffer.from(first.bytes).equals(second.bytes), source);
  }
});

test('people, groups, collections and grants refer to each other', () => {
  const slugs = collections.map(({ slug }) => slug);
  assert.deepEqual([...new Set(documents.map(({ collection }) => collection))].sort(), [...slugs].sort());
  assert.deepEqual(members.map(({ role }) => role).sort(), ['admin', 'compliance', 'employee']);
  for (const member of members) for (const group of member.groups) assert.ok(groups.some(({ slug }) => slug === group), group);
  for (const grant of collections.flatMap((collection) => collection.grants)) {
    assert.ok('group' in grant ? groups.some(({ slug }) => slug === grant.group) : members.some(({ email }) => email === grant.member));
  }
  for (const { slug } of collections) assert.ok(members.some((member) => readable(member).includes(slug)), `${slug} can be read by a demo member`);
});

test('every example question names collections and a document that exist', () => {
  assert.ok(questions.length >= 14);
  for (const { question, collections: needed, answeredBy } of questions) {
    const answering = documents.find(({ file }) => file === answeredBy);
    assert.ok(answering !== undefined && needed.includes(answering.collection), question);
  }
});

test('each person can click on six example questions or more', () => {
  for (const member of members) assert.ok(questions.filter(({ collections: needed }) => needed.every((slug) => readable(member).includes(slug))).length >= 6, member.name);
});

test('the expected words stand in the document that is named, and the member may read it', () => {
  assert.ok(disagreements.length >= 4);
  for (const { question, answers } of disagreements) {
    assert.deepEqual(Object.keys(answers).sort(), members.map(({ email }) => email).sort(), question);
    assert.ok(new Set(Object.values(answers).map((answer) => answer?.document)).size >= 2, `${question} has two answers`);
    for (const member of members) {
      const answer = answers[member.email];
      if (answer === undefined || answer === null) continue;
      assert.ok(textByFile.get(answer.document)?.includes(answer.phrase), `${answer.document}: ${answer.phrase}`);
      assert.ok(readable(member).includes(answer.document.split('/')[0] ?? ''), `${member.name} may read ${answer.document}`);
    }
  }
});

test('plain word matching finds the answering document among the first three', () => {
  for (const { question, collections: needed, answeredBy } of questions) {
    const asker = members.find((member) => needed.every((slug) => readable(member).includes(slug)));
    assert.ok(asker !== undefined);
    assertRanked(asker, question, answeredBy);
  }
  for (const { question, answers } of disagreements) {
    for (const member of members) {
      const answer = answers[member.email];
      if (answer !== undefined && answer !== null) assertRanked(member, question, answer.document);
    }
  }
});

function assertRanked(member: DemoMember, question: string, file: string): void {
  const best = rankByWords(member, question).slice(0, 3);
  assert.ok(best.includes(file), `${member.name}: ${question} gives ${best.join(', ')} and not ${file}`);
}

function readable(member: DemoMember): string[] {
  return collections.filter(({ grants }) => grants.some((grant) => ('group' in grant ? member.groups.includes(grant.group) : grant.member === member.email))).map(({ slug }) => slug);
}

/** BM25 over passages of 120 words of what the member may read; a document ranks by its best passage. */
function rankByWords(member: DemoMember, question: string): string[] {
  const passages = documents.filter(({ collection }) => readable(member).includes(collection)).flatMap(({ file }) => {
    const words = toWords(textByFile.get(file) ?? '');
    return Array.from({ length: Math.ceil(words.length / 60) }, (_, index) => ({ file, words: words.slice(index * 60, index * 60 + 120) }));
  });
  const scores = new Map<string, number>();
  const query = [...new Set(toWords(question))].map((word) => {
    const holding = passages.filter(({ words }) => words.includes(word)).length;
    return { word, weight: Math.log(1 + (passages.length - holding + 0.5) / (holding + 0.5)) };
  });
  for (const { file, words } of passages) {
    const score = query.reduce((sum, { word, weight }) => {
      const times = words.filter((candidate) => candidate === word).length;
      return sum + (weight * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * words.length) / 110));
    }, 0);
    scores.set(file, Math.max(score, scores.get(file) ?? 0));
  }
  return [...scores].sort((a, b) => b[1] - a[1]).map(([file]) => file);
}

function toWords(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\d]+(?:[-.,]\d+)*/gu) ?? []).map((word) => word.replace(/(?<=\w{3})(?:s|ing|ed)$/, ''));
}

async function readText(file: string): Promise<string> {
  return textOf(file, await readFile(path.join(folder, file)));
}

/** The words of a file as a person reads them, on one line. */
async function textOf(file: string, bytes: Uint8Array): Promise<string> {
  const text = await textByFormat(path.extname(file), bytes);
  return text.replaceAll('**', '').replace(/\s+/g, ' ').trim();
}

async function textByFormat(extension: string, bytes: Uint8Array): Promise<string> {
  if (extension === '.pdf') return readPdf(bytes);
  if (extension === '.docx') return (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value;
  if (extension === '.xlsx') return readWorkbook(bytes);
  if (extension === '.pptx') return readSlides(bytes);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return extension === '.html' ? text.replace(/<head>[^]*?<\/head>/, '').replace(/<[^>]+>/g, ' ') : text;
}

async function openPdf(file: string) {
  return getDocument({ data: new Uint8Array(await readFile(path.join(folder, file))) }).promise;
}

async function readPdf(bytes: Uint8Array): Promise<string> {
  const pdf = await getDocument({ data: new Uint8Array(bytes) }).promise;
  const pages = await Promise.all(Array.from({ length: pdf.numPages }, async (_, index) => {
    const content = await (await pdf.getPage(index + 1)).getTextContent();
    return content.items.map((item) => ('str' in item ? item.str + (item.hasEOL ? ' ' : '') : '')).join('');
  }));
  return pages.join(' ');
}

function readWorkbook(bytes: Uint8Array): string {
  const book = xlsx.read(bytes);
  return book.SheetNames.map((name) => `${name} ${xlsx.utils.sheet_to_csv(book.Sheets[name] ?? {}, { FS: ' ' }).replaceAll('"', '')}`).join(' ');
}

function readSlides(bytes: Uint8Array): string {
  return Object.entries(unzipSync(bytes)).filter(([name]) => /^ppt\/(slides|notesSlides)\/[^/]+\.xml$/.test(name))
    .map(([, xml]) => [...strFromU8(xml).matchAll(/<a:t>([^<]*)/g)].map((match) => match[1]).join(' ')).join(' ');
}
