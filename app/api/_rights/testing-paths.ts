/**
 * Every way by which a document, or that it exists, could reach somebody: one entry each, which asks as a member and
 * says what was shown and what the oracle allows. A new way is one more entry. What is only asked for a part of the
 * documents (`sample`) takes a request for each of them.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Oracle } from '#lib/access/testing-oracle.ts';
import { transaction, type Tx } from '#lib/db/transaction.ts';
import { findByWords } from '#lib/search/lexical.ts';
import { search } from '#lib/search/search.ts';
import { findByMeaning } from '#lib/search/semantic.ts';
import { exampleOf, type Built, type Placed, type Visitor } from './testing-build.ts';
import { testEmbedder, vectorOf } from './testing-models.ts';
import type { Answered, Sending, Visits } from './testing-visit.ts';

export interface At {
  built: Built;
  oracle: Oracle;
  visitor: Visitor;
  sample: readonly Placed[];
  visits: Visits;
}

/** What was shown and what may be; equal where all is well. */
export interface Look {
  shown: string[];
  allowed: string[];
}

export interface Path {
  name: string;
  /** Takes so little that also a quick run asks as every member; else as one of them, another in each company. */
  cheap?: true;
  /** Asks a model, so that a quick run tries it in every third company only. */
  slow?: true;
  look: (at: At) => Promise<Look>;
}

type Right = 'reads' | 'knows' | 'edits' | 'findsRow';
const label = (document: Pick<Placed, 'number'>): string => `document ${document.number}`;

const compare = ({ oracle, visitor }: At, among: readonly Placed[], right: Right): { with: (isShown: (document: Placed) => boolean) => Look } => ({
  with: (isShown) => ({
    shown: among.filter(isShown).map(label),
    allowed: among.filter((document) => oracle[right](visitor.number, document.number)).map(label),
  }),
});

/** Compares the documents shown with those that the visitor has the right to, among all. */
const byDocument = (at: At, right: Right, isShown: (document: Placed) => boolean): Look => compare(at, at.built.documents, right).with(isShown);

/** The same among the sample, each asked for by itself. */
async function eachOf(at: At, right: Right, isShown: (document: Placed) => Promise<boolean>): Promise<Look> {
  const shown = new Set<number>();
  for (const document of at.sample) if (await isShown(document)) shown.add(document.number);
  return compare(at, at.sample, right).with(({ number }) => shown.has(number));
}

interface Opening {
  right?: Right;
  /** Unset: the text of the document came. */
  isOpen?: (answered: Answered, document: Placed) => boolean;
}

const contents = (name: string, address: (document: Placed) => string, { right = 'reads', isOpen = ({ status, text }, { canary }) => status === 200 && text.includes(canary) }: Opening = {}): Path => ({
  name,
  look: (at) => eachOf(at, right, async (document) => isOpen(await at.visits.call(at.visitor, address(document)), document)),
});

/** What a program shows to be let in: the key of its member. */
const withKey = ({ key }: Visitor): Pick<Sending, 'signedIn' | 'headers'> => ({ signedIn: false, headers: { authorization: `Bearer ${key}`, accept: 'application/json, text/event-stream' } });

const tool = (name: 'search' | 'ask', values: object) => ({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: values } });

const versionOf = (document: Placed): string => `/api/documents/${document.id}/versions/${document.versionId}`;
const noContent = ({ status }: Answered): boolean => status === 204;

/** The chunks of a list of candidates, as documents. */
async function documentsOf(tx: Tx, chunkIds: readonly number[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select document_id as id from chunks where id = any(${[...chunkIds]}::bigint[])`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

const retrieval: readonly Path[] = [
  {
    name: 'search by words',
    cheap: true,
    look: async (at) => {
      const found = await transaction(at.visitor.actor, async (tx) => {
        const { candidates } = await findByWords(tx, new Map([...at.built.documents.map(({ word }): [string, number] => [word, 1]), ['door', 1]]), { scope: null, limit: 500 });
        return documentsOf(tx, candidates.map(({ chunkId }) => chunkId));
      });
      return byDocument(at, 'reads', ({ id }) => found.has(id));
    },
  },
  {
    name: 'counts of a search',
    cheap: true,
    look: async (at) => {
      const { visible, frequencies } = await transaction(at.visitor.actor, (tx) => findByWords(tx, new Map([...at.built.documents.map(({ word }): [string, number] => [word, 1])]), { scope: null, limit: 1 }));
      const own = at.built.documents.filter(({ number }) => at.oracle.reads(at.visitor.number, number));
      return {
        shown: [`${visible.documents} documents`, `${visible.chunks} passages`, ...at.built.documents.map(({ word, number }) => `word of ${number}: ${frequencies.get(word)}`)],
        // A word stands in its document's text and title, which are one passage.
        allowed: [`${own.length} documents`, `${own.length} passages`, ...at.built.documents.map((document) => `word of ${document.number}: ${own.includes(document) ? 1 : 0}`)],
      };
    },
  },
  {
    name: 'search by meaning',
    cheap: true,
    look: async (at) => {
      const found = await transaction(at.visitor.actor, async (tx) => {
        const nearest = await findByMeaning(tx, { vector: vectorOf('anything'), embedder: { name: testEmbedder.name, file: null, sha256: testEmbedder.sha256 } }, { scope: null, limit: 500 });
        return documentsOf(tx, nearest.map(({ chunkId }) => chunkId));
      });
      return byDocument(at, 'reads', ({ id }) => found.has(id));
    },
  },
  {
    name: 'search as a whole, with reranking',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id }) => {
      const { passages } = await search(at.visitor.actor, { query: `door code ${word}`, limit: 12 }, new AbortController().signal);
      at.visits.inspect(at.visitor, 'search', JSON.stringify(passages));
      return passages.some((passage) => passage.documentId === id);
    }),
  },
  {
    name: 'search within the collection',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id, collection }) => {
      const { passages } = await search(at.visitor.actor, { query: `door code ${word}`, scope: [at.built.collectionIds[collection] ?? ''], limit: 12 }, new AbortController().signal);
      at.visits.inspect(at.visitor, 'search', JSON.stringify(passages));
      return passages.some((passage) => passage.documentId === id);
    }),
  },
];

const evidenceSchema = z.array(z.object({ documentId: z.string() }));
const answerEvent = z.union([
  z.looseObject({ type: z.literal('searched'), evidence: evidenceSchema }),
  z.looseObject({ type: z.literal('not-found'), nearest: evidenceSchema }),
  z.looseObject({ type: z.string() }),
]);

/** The documents whose passages an answer's events held. */
export function evidenceIn(stream: string): Set<string> {
  const events = stream.split('\n\n').filter((block) => block.startsWith('data: ')).map((block) => answerEvent.parse(JSON.parse(block.slice('data: '.length))));
  const evidence = events.flatMap((event) => ('evidence' in event ? evidenceSchema.parse(event.evidence) : 'nearest' in event ? evidenceSchema.parse(event.nearest) : []));
  return new Set(evidence.map(({ documentId }) => documentId));
}

const asking: readonly Path[] = [
  {
    name: 'evidence of an answer, and what the model is given',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id }) => {
      const { text } = await at.visits.call(at.visitor, 'POST /api/ask', { json: { question: `What is the door code of ${word}?` } });
      return evidenceIn(text).has(id);
    }),
  },
  {
    name: 'a follow-up in a conversation with answers',
    slow: true,
    look: async (at) => {
      // What matters is what the canaries say: nothing withheld may speak through the next question.
      await at.visits.call(at.visitor, 'POST /api/ask', { json: { question: 'And then?', conversationId: at.visitor.followUpId } });
      return { shown: [], allowed: [] };
    },
  },
];

const programs: readonly Path[] = [
  {
    name: 'OpenAI chat completions, with a key',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id }) => {
      const json = { model: 'attest', messages: [{ role: 'user', content: `What is the door code of ${word}?` }], stream: at.built.world.choice % 2 === 0 };
      return (await at.visits.call(at.visitor, 'POST /v1/chat/completions', { json, ...withKey(at.visitor) })).text.includes(id);
    }),
  },
  {
    name: 'MCP: the tool search',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id }) => (await at.visits.call(at.visitor, 'POST /mcp', { json: tool('search', { query: `door code ${word}` }), ...withKey(at.visitor) })).text.includes(id)),
  },
  {
    name: 'MCP: the tool ask',
    slow: true,
    look: (at) => eachOf(at, 'reads', async ({ word, id }) => (await at.visits.call(at.visitor, 'POST /mcp', { json: tool('ask', { question: `What is the door code of ${word}?` }), ...withKey(at.visitor) })).text.includes(id)),
  },
];

const reading: readonly Path[] = [
  contents('preview of a document', (document) => `GET ${versionOf(document)}/blocks`),
  contents('passages of a document', (document) => `GET ${versionOf(document)}/passages`),
  contents('file in place', (document) => `GET ${versionOf(document)}/file`),
  contents('download', (document) => `GET ${versionOf(document)}/file?download=1`),
  contents('noting that a document was opened', (document) => `POST /api/documents/${document.id}/opened`, { isOpen: noContent }),
  {
    name: 'page of a document, and whether it says that one may edit',
    look: async (at) => {
      const look: Look = { shown: [], allowed: [] };
      for (const document of at.sample) {
        const { status, text } = await at.visits.call(at.visitor, `GET /api/documents/${document.id}`);
        if (status === 200) look.shown.push(label(document));
        if (status === 200 && z.object({ mayEdit: z.boolean() }).parse(JSON.parse(text)).mayEdit) look.shown.push(`edit ${label(document)}`);
        if (at.oracle.knows(at.visitor.number, document.number)) look.allowed.push(label(document));
        if (at.oracle.edits(at.visitor.number, document.number)) look.allowed.push(`edit ${label(document)}`);
      }
      return look;
    },
  },
  contents('reading a version again', (document) => `POST ${versionOf(document)}/retry`, { right: 'edits', isOpen: ({ text }) => text.includes('"code":"edit-conflict"') }),
];

const historySchema = z.object({
  turns: z.array(z.object({ id: z.string(), withheld: z.boolean(), answer: z.looseObject({ outcome: z.string(), text: z.string(), nearest: z.array(z.object({ documentId: z.string() })) }).nullable() })),
});

const history: readonly Path[] = [
  {
    name: 'history, with answers that are withheld and passages that came nearest',
    look: async (at) => {
      const { status, text } = await at.visits.call(at.visitor, `GET /api/conversations/${at.visitor.conversationId}`);
      const turns = status === 200 ? historySchema.parse(JSON.parse(text)).turns : [];
      const answers = byDocument(at, 'reads', ({ number, canary }) => {
        const turn = turns.find(({ id }) => id === at.built.turnIds.get(`${at.visitor.number} ${number}`));
        return turn !== undefined && !turn.withheld && turn.answer?.text.includes(canary) === true;
      });
      const nearest = turns.find(({ answer }) => answer?.outcome === 'not-found')?.answer?.nearest ?? [];
      const passages = byDocument(at, 'reads', ({ id }) => nearest.some(({ documentId }) => documentId === id));
      return { shown: [...answers.shown, ...passages.shown.map((one) => `nearest: ${one}`)], allowed: [...answers.allowed, ...passages.allowed.map((one) => `nearest: ${one}`)] };
    },
  },
  {
    name: 'opening a citation',
    look: (at) => eachOf(at, 'reads', async ({ number }) => noContent(await at.visits.call(at.visitor, `POST /api/evidence/${at.built.evidenceIds.get(`${at.visitor.number} ${number}`)}/opened`))),
  },
  {
    name: 'rating an answer',
    look: (at) => eachOf(at, 'reads', async ({ number }) => noContent(await at.visits.call(at.visitor, `PUT /api/turns/${at.built.turnIds.get(`${at.visitor.number} ${number}`)}/feedback`, { json: { verdict: 'up' } }))),
  },
];

/** Somebody else, whose questions are nobody's business. */
const otherOf = ({ built, visitor }: At): Visitor | undefined => built.visitors[(visitor.number + 1) % built.visitors.length];

const others: readonly Path[] = [
  {
    name: 'conversations, answers and citations of somebody else',
    look: async (at) => {
      const other = otherOf(at);
      if (other === undefined || other.number === at.visitor.number) return { shown: [], allowed: [] };
      const number = at.sample[0]?.number ?? 0;
      const turn = at.built.turnIds.get(`${other.number} ${number}`);
      const addresses = [
        ['open', `GET /api/conversations/${other.conversationId}`], ['stop', `POST /api/turns/${turn}/stop`], ['cite', `POST /api/evidence/${at.built.evidenceIds.get(`${other.number} ${number}`)}/opened`],
      ] as const;
      const shown: string[] = [];
      for (const [what, address] of addresses) if ((await at.visits.call(at.visitor, address)).status < 300) shown.push(what);
      if ((await at.visits.call(at.visitor, 'POST /api/ask', { json: { question: 'And then?', conversationId: other.followUpId } })).status < 300) shown.push('go on');
      if ((await at.visits.call(at.visitor, 'POST /api/ask', { json: { conversationId: other.conversationId, regenerate: turn } })).status < 300) shown.push('ask again');
      if ((await at.visits.call(at.visitor, `PUT /api/turns/${turn}/feedback`, { json: { verdict: 'up' } })).status < 300) shown.push('rate');
      return { shown, allowed: [] };
    },
  },
  {
    name: 'list of conversations',
    look: async (at) => {
      const { status, text } = await at.visits.call(at.visitor, 'GET /api/conversations');
      const items = status === 200 ? z.object({ items: z.array(z.object({ id: z.string() })) }).parse(JSON.parse(text)).items.map(({ id }) => id) : [];
      const own = [at.visitor.conversationId, at.visitor.followUpId];
      // The questions of this visit made conversations of their own.
      const foreign = at.built.visitors.filter(({ number }) => number !== at.visitor.number).flatMap((each) => [each.conversationId, each.followUpId]);
      return { shown: items.filter((id) => own.includes(id) || foreign.includes(id)).toSorted(), allowed: at.oracle.isIn(at.visitor.number) ? own.toSorted() : [] };
    },
  },
];

const rowsSchema = z.object({ items: z.array(z.looseObject({ id: z.string(), mayEdit: z.boolean().default(false) })), total: z.number().optional() });

async function list(at: At, address: string): Promise<{ ids: string[]; editable: string[]; total: number }> {
  const { status, text } = await at.visits.call(at.visitor, `GET ${address}`);
  if (status !== 200) return { ids: [], editable: [], total: 0 };
  const { items, total } = rowsSchema.parse(JSON.parse(text));
  return { ids: items.map(({ id }) => id), editable: items.filter(({ mayEdit }) => mayEdit).map(({ id }) => id), total: total ?? items.length };
}

const lists: readonly Path[] = [
  {
    name: 'list and number of documents, and which of them one may edit',
    look: async (at) => {
      const look: Look = { shown: [], allowed: [] };
      for (const [number, id] of at.built.collectionIds.entries()) {
        const { ids, total, editable } = await list(at, `/api/collections/${id}/documents`);
        const inside = at.built.documents.filter(({ collection }) => collection === number);
        const known = inside.filter((document) => at.oracle.knows(at.visitor.number, document.number));
        look.shown.push(`collection ${number}: ${total}`, ...inside.filter((document) => ids.includes(document.id)).map(label), ...inside.filter((document) => editable.includes(document.id)).map((document) => `edit ${label(document)}`));
        look.allowed.push(`collection ${number}: ${known.length}`, ...known.map(label), ...inside.filter((document) => at.oracle.edits(at.visitor.number, document.number)).map((document) => `edit ${label(document)}`));
      }
      return look;
    },
  },
  {
    name: 'titles searched for',
    look: (at) => eachOf(at, 'knows', async ({ id, word, collection }) => (await list(at, `/api/collections/${at.built.collectionIds[collection]}/documents?q=${word}`)).ids.includes(id)),
  },
  {
    name: 'titles searched for in every collection at once',
    look: (at) => eachOf(at, 'reads', async ({ id, word }) => (await list(at, `/api/documents?q=${word}`)).ids.includes(id)),
  },
  {
    name: 'list of collections, with their numbers',
    look: async (at) => {
      const { status, text } = await at.visits.call(at.visitor, 'GET /api/collections');
      const items = status === 200 ? z.object({ items: z.array(z.object({ id: z.string(), documents: z.number() })) }).parse(JSON.parse(text)).items : [];
      const seen = at.built.collectionIds.map((id, number) => ({ id, number })).filter(({ number }) => at.oracle.isIn(at.visitor.number) && at.oracle.seesCollection(at.visitor.number, number));
      const known = (number: number): number => at.built.documents.filter((document) => document.collection === number && at.oracle.knows(at.visitor.number, document.number)).length;
      return {
        shown: items.filter(({ id }) => at.built.collectionIds.includes(id)).map(({ id, documents }) => `collection ${at.built.collectionIds.indexOf(id)}: ${documents}`),
        allowed: seen.map(({ number }) => `collection ${number}: ${known(number)}`),
      };
    },
  },
  {
    name: 'one collection',
    look: async (at) => {
      const look: Look = { shown: [], allowed: [] };
      for (const [number, id] of at.built.collectionIds.entries()) {
        if ((await at.visits.call(at.visitor, `GET /api/collections/${id}`)).status === 200) look.shown.push(`collection ${number}`);
        if (at.oracle.isIn(at.visitor.number) && at.oracle.seesCollection(at.visitor.number, number)) look.allowed.push(`collection ${number}`);
      }
      return look;
    },
  },
  {
    name: 'grants',
    look: async (at) => {
      const shown: string[] = [];
      for (const id of at.built.collectionIds) shown.push(...(await list(at, `/api/collections/${id}/grants`)).ids.map((grantId) => `grant ${at.built.grantIds.indexOf(grantId)}`));
      return { shown, allowed: at.built.grantIds.map((_, number) => number).filter((number) => at.oracle.seesGrant(at.visitor.number, number)).map((number) => `grant ${number}`) };
    },
  },
  {
    name: 'progress of ingestion',
    look: async (at) => {
      const { status, text } = await at.visits.call(at.visitor, `GET /api/documents/progress?ids=${at.built.documents.map(({ id }) => id).join(',')}`);
      const items = status === 200 ? z.object({ items: z.array(z.object({ documentId: z.string() })) }).parse(JSON.parse(text)).items : [];
      return byDocument(at, 'knows', ({ id }) => items.some(({ documentId }) => documentId === id));
    },
  },
  {
    name: 'example questions',
    look: async (at) => {
      const { text } = await at.visits.call(at.visitor, 'GET /api/examples');
      const holding = at.built.collectionIds.slice(0, 12).map((id, number) => ({ id, number }));
      return {
        shown: holding.filter(({ id }) => text.includes(exampleOf(id))).map(({ number }) => `collection ${number}`),
        allowed: holding.filter(({ number }) => at.built.documents.some((document) => document.collection === number && at.oracle.reads(at.visitor.number, document.number))).map(({ number }) => `collection ${number}`),
      };
    },
  },
  {
    name: 'counts in the profile',
    look: async (at) => {
      const { status, text } = await at.visits.call(at.visitor, 'GET /api/profile');
      const shown = status === 200 ? [`${z.object({ documents: z.number() }).parse(JSON.parse(text)).documents} documents`] : [];
      const count = at.built.documents.filter(({ number }) => at.oracle.reads(at.visitor.number, number)).length;
      return { shown, allowed: at.oracle.isIn(at.visitor.number) ? [`${count} documents`] : [] };
    },
  },
];

const explanations: readonly Path[] = [
  {
    name: 'who can read a document',
    look: async (at) => {
      const look: Look = { shown: [], allowed: [] };
      for (const document of at.sample) {
        const { status, text } = await at.visits.call(at.visitor, `GET /api/documents/${document.id}/readers?limit=200`);
        const told = status === 200 ? z.object({ items: z.array(z.object({ id: z.string() })) }).parse(JSON.parse(text)).items.map(({ id }) => id) : [];
        look.shown.push(...(status === 200 ? [label(document)] : []), ...at.built.visitors.filter(({ actor }) => told.includes(actor.id)).map(({ number }) => `${label(document)} is read by member ${number}`));
        if (!at.oracle.explains(at.visitor.number, document.number)) continue;
        look.allowed.push(label(document), ...at.built.visitors.filter(({ number }) => at.oracle.reads(number, document.number)).map(({ number }) => `${label(document)} is read by member ${number}`));
      }
      return look;
    },
  },
  {
    name: 'what somebody can read',
    look: async (at) => {
      const look: Look = { shown: [], allowed: [] };
      for (const other of at.built.visitors) {
        const { status, text } = await at.visits.call(at.visitor, `GET /api/members/${other.actor.id}/readable?limit=200`);
        if (status === 200) look.shown.push(`member ${other.number}: ${z.object({ documents: z.number() }).parse(JSON.parse(text)).documents} documents`);
        if (at.oracle.explainsMember(at.visitor.number, other.number)) look.allowed.push(`member ${other.number}: ${at.built.documents.filter(({ number }) => at.oracle.reads(other.number, number)).length} documents`);
      }
      return look;
    },
  },
];

/** The same, asked of the database without the checks of the routes. */
const functions: readonly Path[] = [
  {
    name: 'how much others can read, asked of the database',
    cheap: true,
    look: async ({ built, oracle, visitor }) => {
      const { rows } = await transaction(visitor.actor, (tx) => sql<{ id: string; documents: number }>`
        select id, readable_count_of(id) as documents from unnest(${built.visitors.map(({ actor }) => actor.id)}::uuid[]) as asked (id)`.execute(tx));
      const count = (number: number): number => (oracle.explainsMember(visitor.number, number) ? built.documents.filter((document) => oracle.reads(number, document.number)).length : 0);
      return {
        shown: built.visitors.map(({ number, actor }) => `member ${number}: ${rows.find(({ id }) => id === actor.id)?.documents}`),
        allowed: built.visitors.map(({ number }) => `member ${number}: ${count(number)}`),
      };
    },
  },
];

/** What any statement would get that is written tomorrow, without a check of its own. */
const tables: readonly Path[] = (['blocks', 'chunks', 'postings', 'vectors', 'evidence', 'answers', 'documents', 'versions'] as const).map((table) => ({
  name: `every row of the table ${table}`,
  cheap: true,
  look: async (at) => {
    const column = table === 'documents' ? sql`array[id]` : table === 'answers' ? sql`document_ids` : sql`array[document_id]`;
    const { rows } = await transaction(at.visitor.actor, (tx) => sql<{ id: string; owner: string | null }>`
      select distinct unnest(${column}) as id, ${table === 'evidence' || table === 'answers' ? sql`member_id` : sql`null::uuid`} as owner from ${sql.table(table)}`.execute(tx));
    const look = byDocument(at, table === 'documents' || table === 'versions' ? 'findsRow' : 'reads', ({ id }) => rows.some((row) => row.id === id));
    return { ...look, shown: [...look.shown, ...rows.filter(({ owner }) => owner !== null && owner !== at.visitor.actor.id).map(({ owner }) => `of ${owner}`)] };
  },
}));

export const paths: readonly Path[] = [...retrieval, ...asking, ...programs, ...reading, ...history, ...others, ...lists, ...explanations, ...functions, ...tables];
