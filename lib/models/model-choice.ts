/** What an admin may say about a role: the same for our own route and for the models process behind it. */
import { z } from 'zod';
import { modelRoles } from './types.ts';

export const modelChoice = z
  .object({
    role: z.enum(modelRoles),
    /** File name inside MODELS_DIR; null: no model serves the role. */
    file: z.string().min(1).max(255).nullable().optional(),
    /** Instead of a file: forgets what was chosen, so that one is picked as on the first start. */
    automatic: z.literal(true).optional(),
  })
  .refine(({ file, automatic }) => (file === undefined) !== (automatic === undefined), 'name a file, null for none, or say automatic: true');

export type ModelChoice = z.infer<typeof modelChoice>;
