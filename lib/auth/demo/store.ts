/** What the demo identity provider remembers: in memory, bounded, gone when the process ends. */
import type { Payload, Store } from 'oidc-provider';

/** Abandoned sign-ins are the only thing that piles up; the oldest entry makes room. */
const entriesMax = 2000;

interface Entry {
  payload: Payload;
  until: number;
}

/** One store for all models of a provider; `model` keeps their ids apart. */
export function createStore(): (model: string) => Store {
  const entries = new Map<string, Entry>();
  const find = (key: string): Payload | undefined => {
    const entry = entries.get(key);
    if (entry !== undefined && entry.until > Date.now()) return entry.payload;
    entries.delete(key);
    return undefined;
  };
  return (model) => ({
    async upsert(id, payload, expiresInSeconds) {
      entries.delete(`${model} ${id}`);
      entries.set(`${model} ${id}`, { payload, until: Date.now() + (expiresInSeconds ?? 3600) * 1000 });
      const oldest = entries.size > entriesMax ? entries.keys().next().value : undefined;
      if (oldest !== undefined) entries.delete(oldest);
    },
    find: async (id) => find(`${model} ${id}`),
    async findByUid(uid) {
      for (const [key, { payload }] of entries) if (key.startsWith(`${model} `) && payload.uid === uid) return find(key);
      return undefined;
    },
    findByUserCode: async () => undefined,
    async consume(id) {
      const payload = find(`${model} ${id}`);
      if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
    },
    async destroy(id) {
      entries.delete(`${model} ${id}`);
    },
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
