/** The one model that programs can name. */
import { modelId } from '../chat/completions/request.ts';

/** Clients show a time; this one never changes, as the name never does. */
const created = 1_795_392_000;

export function describeModel(): { id: string; object: 'model'; created: number; owned_by: string } {
  return { id: modelId, object: 'model', created, owned_by: 'attest' };
}
