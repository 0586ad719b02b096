/** How the product is doing, in one sentence for each of its parts, for the line at the foot of every page. */
import { sql } from 'kysely';
import type { MemberActor } from '../actor.ts';
import { findSigningFault } from '../audit/log-state.ts';
import { targetOf } from '../audit/siem/target.ts';
import { describeDelivery } from '../audit/siem/words.ts';
import { transaction } from '../db/transaction.ts';
import { env } from '../env.ts';
import { modelsStatus } from '../models/client.ts';
import type { ModelsStatus } from '../models/types.ts';
import type { SystemStatus } from './types.ts';

type Part = SystemStatus['parts'][number];

/** A document that waits this long while none is being worked on means that nobody takes it. */
const waitingMsMax = 5 * 60_000;
const slowDatabaseMs = 1000;

/**
 * The state of models, ingestion and database, and for admins and compliance of delivery to the SIEM. Employees hear of
 * the documents that they may read, admins of all.
 */
export async function readSystemStatus(actor: MemberActor): Promise<SystemStatus> {
  const [models, [ingestion, database], log, siem] = await Promise.all([describeModels(), describeDatabase(actor), describeLog(actor), describeSiem(actor)]);
  const parts = [models, ingestion, database, ...log, ...siem];
  const state = parts.some((part) => part.state === 'failing') ? 'failing' : parts.some((part) => part.state === 'limited') ? 'limited' : 'working';
  return { state, parts };
}

/** Said only where something is wrong: whoever looks after the log reads more on the page of records. */
async function describeLog(actor: MemberActor): Promise<Part[]> {
  if (actor.role === 'employee') return [];
  const sentence = await transaction(actor, findSigningFault);
  return sentence === null ? [] : [{ name: 'log', state: 'failing', sentence }];
}

async function describeSiem(actor: MemberActor): Promise<Part[]> {
  const target = targetOf(env());
  if (target === null || actor.role === 'employee') return [];
  const row = await transaction(actor, (tx) => tx.selectFrom('siem_positions').selectAll().where('target', '=', target).executeTakeFirst());
  return [{ name: 'siem', ...describeDelivery(row, Date.now()) }];
}

async function describeModels(): Promise<Part> {
  const status = await modelsStatus().catch(() => null);
  if (status === null) return limited('models', 'The model server does not answer. Until it does, answers quote your documents.');
  const { generator, embedder } = status.roles;
  if (generator.state !== 'ready') return limited('models', `${generatorSentence(status)} Until then, answers quote your documents.`);
  if (embedder.state !== 'ready') return limited('models', `${generator.name ?? 'A model'} writes answers. Search finds words, not meanings: no embedding model is loaded.`);
  return { name: 'models', state: 'working', sentence: `${generator.name ?? 'A model'} writes answers.` };
}

function generatorSentence({ roles: { generator }, downloads }: ModelsStatus): string {
  if (generator.state === 'loading') return 'The language model is being loaded.';
  const download = downloads.find(({ role, state }) => role === 'generator' && state !== 'failed');
  if (download === undefined) return 'No language model is loaded; an admin can add one.';
  const share = download.bytesTotal === null ? '' : ` (${Math.floor((100 * download.bytesDone) / download.bytesTotal)} %)`;
  return `The language model is being downloaded${share}.`;
}

function limited(name: Part['name'], sentence: string): Part {
  return { name, state: 'limited', sentence };
}

interface Counts {
  waiting: number;
  active: number;
  failed: number;
  waited_seconds: number | null;
}

async function describeDatabase(actor: MemberActor): Promise<[ingestion: Part, database: Part]> {
  const started = performance.now();
  const found = await transaction(actor, (tx) =>
    sql<Counts>`
      select
        count(*) filter (where v.state = 'waiting') as waiting,
        count(*) filter (where v.state in ('parsing', 'embedding')) as active,
        count(*) filter (where v.state = 'failed') as failed,
        extract(epoch from now() - min(v.created_at) filter (where v.state = 'waiting'))::float8 as waited_seconds
      from versions v
      join documents d on d.id = v.document_id
      where d.deleted_at is null and v.state <> 'ready'`.execute(tx),
  );
  const ms = performance.now() - started;
  const sentence = ms > slowDatabaseMs ? `The database answers slowly (${(ms / 1000).toFixed(1)} s).` : 'The database answers.';
  const database: Part = { name: 'database', state: ms > slowDatabaseMs ? 'limited' : 'working', sentence };
  return [describeIngestion(found.rows[0], actor), database];
}

function describeIngestion(counts: Counts | undefined, { role }: MemberActor): Part {
  const { waiting = 0, active = 0, failed = 0, waited_seconds: waited = 0 } = counts ?? {};
  if (waiting > 0 && active === 0 && (waited ?? 0) * 1000 > waitingMsMax) {
    return { name: 'ingestion', state: 'failing', sentence: `${waiting === 1 ? '1 document has' : `${waiting} documents have`} been waiting for ${Math.round((waited ?? 0) / 60)} minutes. The ingest process may not be running.` };
  }
  if (failed > 0 && role === 'admin') return limited('ingestion', `${failed === 1 ? '1 document' : `${failed} documents`} could not be read. The ingestion page says why.`);
  if (waiting + active > 0) return { name: 'ingestion', state: 'working', sentence: `${documents(waiting + active)} being read.` };
  return { name: 'ingestion', state: 'working', sentence: 'All documents are ready.' };
}

function documents(count: number): string {
  return count === 1 ? '1 document is' : `${count} documents are`;
}
