/** An admin's choice of the file that serves a role. The models process keeps it; the audit log says who chose what. */
import { z } from 'zod';
import type { MemberActor } from '../actor.ts';
import { appendRecord } from '../audit/append.ts';
import { transaction } from '../db/transaction.ts';
import { Problem } from '../errors.ts';
import { modelsStatus, setModelRole } from './client.ts';
import { modelRoles, type ModelsStatus, type RoleStatus } from './types.ts';

export const modelChoice = z.object({
  role: z.enum(modelRoles),
  /** File name inside MODELS_DIR; null: no model serves the role. */
  file: z.string().min(1).max(255).nullable(),
});

/**
 * Makes the file serve the role and records what served it before and after. The change happens in another process and
 * shares no transaction with its record: the database is asked first whether it can write, and a record that fails
 * nevertheless is said so. Throws what setModelRole throws, then nothing has changed.
 */
export async function chooseModel(actor: MemberActor, { role, file }: z.infer<typeof modelChoice>): Promise<ModelsStatus> {
  const before = (await modelsStatus()).roles[role];
  await transaction(actor, (tx) => tx.selectFrom('settings').select('name').limit(1).execute());
  const status = await setModelRole(role, file);
  const details = { role, before: describe(before), after: describe(status.roles[role]) };
  try {
    await transaction(actor, (tx) => appendRecord(tx, actor, { event: 'model.chosen', subject: { kind: 'model', id: file ?? role, name: status.roles[role].name ?? role }, details }));
  } catch (error) {
    throw new Problem('record-not-written', { detail: 'The model was changed, but the audit record of it could not be written. Choose the model again to record it.', cause: error });
  }
  return status;
}

function describe({ file, sha256, name }: RoleStatus) {
  return { file, sha256, name };
}
