/** For tests of the log: files of its own for each, records by the dozen, and statements as the database's administrator. */
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { CompiledQuery } from 'kysely';
import { seedActor } from '../actor.ts';
import { openDatabase } from '../db/pool.ts';
import { transaction } from '../db/transaction.ts';
import { scratchFolder } from '../env.ts';
import { appendRecord } from './append.ts';
import type { SigningFiles } from './key-file.ts';

export interface TestFiles extends SigningFiles {
  folder: string;
  remove: () => Promise<void>;
}

/** Paths of a key and of checkpoints in a new folder, where neither is yet. */
export async function testSigningFiles(): Promise<TestFiles> {
  const folder = await mkdtemp(path.join(scratchFolder, 'attest-audit-'));
  return { folder, key: path.join(folder, 'signing-key'), checkpoints: path.join(folder, 'checkpoints'), remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Appends that many records, a transaction each; every third has texts. */
export async function addRecords(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await transaction(seedActor, (tx) => appendRecord(tx, seedActor, {
      event: 'feedback.given', details: { index }, ...(index % 3 === 0 ? { content: { comment: `Comment ${index}` } } : {}),
    }));
  }
}

/** Runs statements as the owner of the tables, without the triggers that keep the log as it is. */
export async function asAdministrator(url: string, statements: readonly string[]): Promise<void> {
  const owner = openDatabase(url, 1);
  const tables = ['audit_records', 'audit_checkpoints', 'audit_tiles', 'audit_keys'];
  const turn = (way: 'enable' | 'disable') => tables.map((table) => `alter table ${table} ${way} trigger user`);
  try {
    // One message, so that nobody else's statement comes between on the embedded database.
    await owner.executeQuery(CompiledQuery.raw(['begin', ...turn('disable'), ...statements, ...turn('enable'), 'commit'].join(';\n')));
  } finally {
    await owner.destroy();
  }
}

/** The events of all records in order. */
export async function eventsIn(url: string): Promise<string[]> {
  const owner = openDatabase(url, 1);
  try {
    return (await owner.selectFrom('audit_records').select('event').orderBy('seq').execute()).map(({ event }) => event);
  } finally {
    await owner.destroy();
  }
}

/** What is left of a log when a backup of `size` records is put back. */
export function restoreTo(size: number): string[] {
  return [
    `delete from audit_records where seq >= ${size}`,
    `update audit_head set size = ${size}`,
    `delete from audit_checkpoints where size > ${size}`,
    `delete from audit_tiles where (index + 1) * power(256, level) > ${size}`,
  ];
}
