/** Where a version stands on its way into the index, in words, as a share and as a colour. Pure. */
import type { VersionRow } from '#lib/documents/types.ts';

type Standing = Pick<VersionRow, 'state' | 'chunkCount' | 'chunksEmbedded' | 'warnings'>;

/** True while the state will still change by itself. */
export function isUnderWay({ state }: Pick<VersionRow, 'state'>): boolean {
  return state !== 'ready' && state !== 'failed';
}

/** "Waiting", "Being read", "12 of 40 passages embedded", "Ready", "Ready, 2 problems", "Failed". */
export function versionInWords({ state, chunkCount, chunksEmbedded, warnings }: Standing): string {
  switch (state) {
    case 'waiting':
      return 'Waiting';
    case 'parsing':
      return 'Being read';
    case 'embedding':
      return chunkCount === 0 ? 'Being indexed' : `${count(chunksEmbedded)} of ${count(chunkCount)} passages embedded`;
    case 'failed':
      return 'Failed';
    case 'ready':
      return warnings.length === 0 ? 'Ready' : `Ready, ${warnings.length} ${warnings.length === 1 ? 'problem' : 'problems'}`;
  }
}

/** From 0 to 1; null when it is not known how far. */
export function versionProgress({ state, chunkCount, chunksEmbedded }: Standing): number | null {
  if (state === 'waiting') return 0;
  if (state === 'ready') return 1;
  if (state !== 'embedding' || chunkCount === 0) return null;
  return chunksEmbedded / chunkCount;
}

/** The colour of the dot beside the words. */
export function versionTone({ state, warnings }: Standing): 'ok' | 'weak' | 'bad' | 'accent' {
  if (state === 'failed') return 'bad';
  if (state !== 'ready') return 'accent';
  return warnings.length === 0 ? 'ok' : 'weak';
}

function count(value: number): string {
  return value.toLocaleString('en');
}
