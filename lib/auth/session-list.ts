/** Sessions with the provider's name in place of its id. */
import type { SessionRow } from '../members/types.ts';
import { listProviders } from './provider-store.ts';

/** The rows as people read them. */
export async function nameProviders(rows: readonly SessionRow[]): Promise<SessionRow[]> {
  const providers = await listProviders();
  return rows.map((row) => ({ ...row, provider: providers.find(({ id }) => id === row.provider)?.name ?? row.provider }));
}
