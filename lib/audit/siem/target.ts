/** Which SIEM the configuration names. Apart from delivery, because pages ask for it too. Pure. */
import type { Env } from '../../env.ts';

/** Format and address, under which the position is kept; null where nothing is sent. */
export function targetOf({ SIEM_URL, SIEM_FORMAT }: Pick<Env, 'SIEM_URL' | 'SIEM_FORMAT'>): string | null {
  return SIEM_URL === undefined ? null : `${SIEM_FORMAT} ${SIEM_URL}`;
}
