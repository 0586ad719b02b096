/**
 * Logs for operators: JSON lines on stderr. They name ids, counts and times and never hold a question,
 * an answer, a document's text, a token or a cookie; who asked what belongs to the audit log alone.
 */
import pino from 'pino';
import { env } from './env.ts';

const root = pino(
  {
    level: env().LOG_LEVEL,
    base: null,
    redact: { paths: ['*.authorization', '*.cookie', '*.password', '*.token', '*.secret'], censor: '[redacted]' },
    serializers: { error: pino.stdSerializers.err },
  },
  pino.destination({ dest: 2, sync: true }),
);

/** A logger whose lines carry the name of the process part they come from. */
export function logger(part: string): pino.Logger {
  return root.child({ part });
}
