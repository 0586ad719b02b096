/** Models and sizes in words. Pure. */
import type { ModelRole, RoleStatus } from '#lib/models/types.ts';

export const roleWords: Record<ModelRole, { title: string; does: string; without: string }> = {
  generator: { title: 'Writes answers', does: 'Reads the question and the passages and writes the answer.', without: 'Answers are quoted from the documents instead of written.' },
  embedder: { title: 'Searches by meaning', does: 'Turns text into vectors, so that other words for the same thing are found.', without: 'Documents are searched by their words alone.' },
  reranker: { title: 'Orders passages', does: 'Reads the best passages once more and puts them in order.', without: 'Passages keep the order of the search. That is fine.' },
};

/** 1,720,000,000 -> "1.7 billion weights" */
export function weightsInWords(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toLocaleString('en', { maximumFractionDigits: 1 })} billion weights`;
  if (parameters >= 1e6) return `${Math.round(parameters / 1e6).toLocaleString('en')} million weights`;
  return `${Math.round(parameters / 1e3).toLocaleString('en')} thousand weights`;
}

/** ", idle", ", 2 at work, 3 waiting" */
function loadInWords({ active, waiting }: { active: number; waiting: number }): string {
  if (active === 0 && waiting === 0) return ', idle';
  return `, ${active.toLocaleString('en')} at work${waiting === 0 ? '' : `, ${waiting.toLocaleString('en')} waiting`}`;
}

/** One sentence on how a role is served right now. */
export function roleInWords(status: RoleStatus): string {
  if (status.problem !== null) return status.problem;
  if (status.state === 'loading') return 'Loading; it takes over by itself when it is ready.';
  if (status.state === 'none') return roleWords[status.role].without;
  const load = status.load === null ? '' : loadInWords(status.load);
  return `${status.chosen ? 'Chosen by an admin' : 'Chosen automatically'}${load}.`;
}
