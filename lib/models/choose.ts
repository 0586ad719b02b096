/** An admin's choice of the file that serves a role, or that none does, or that one is picked automatically. The models process keeps it; the audit log says who chose what. */
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { modelsStatus, setModelRole } from './client.ts';
import type { ModelChoice } from './model-choice.ts';
import type { ModelsStatus, RoleStatus } from './types.ts';

/**
 * Carries the choice out and records what served it before and after. The change happens in another process and
 * shares no transaction with its record: the database is asked first whether it can write, and a record that fails
 * nevertheless is said so. Throws what setModelRole throws, then nothing has changed.
 */
export async function chooseModel(actor: MemberActor, choice: ModelChoice): Promise<ModelsStatus> {
  const { role, automatic = false } = choice;
  const before = (await modelsStatus()).roles[role];
  await transaction(actor, (tx) => tx.selectFrom('settings').select('name').limit(1).execute());
  const status = await setModelRole(choice);
  const details = { role, automatic, before: describe(before), after: describe(status.roles[role]) };
  try {
    await transaction(actor, (tx) => appendRecord(tx, actor, { event: 'model.chosen', subject: { kind: 'model', id: status.roles[role].file ?? role, name: status.roles[role].name ?? role }, details }));
  } catch (error) {
    throw new Problem('record-not-written', { detail: 'The model was changed, but the audit record of it could not be written. Choose the model again to record it.', cause: error });
  }
  return status;
}

function describe({ file, sha256, name }: RoleStatus) {
  return { file, sha256, name };
}
