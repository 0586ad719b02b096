/** Has the log signed while the process runs. Nothing that goes wrong here ends the process or keeps documents from being read. */
import { signingFiles } from '#lib/audit/key-file.ts';
import { isSigningDue, secondsPerCheckpoint, signLog } from '#lib/audit/sign.ts';
import { SigningProblem } from '#lib/audit/signing-problem.ts';
import { reportSigning } from '#lib/audit/signing-report.ts';
import { env } from '#lib/env.ts';
import { logger } from '#lib/log.ts';

const log = logger('ingest');
const lookMs = 2000;
/** Files and database are compared this often although nothing is new. */
const compareMs = secondsPerCheckpoint * 1000;

/** Signs now and then whenever it is due, until the returned function is called; that resolves when nothing is under way. */
export function keepSigning(): () => Promise<void> {
  if (env().AUDIT_SIGNER === 'off') return () => Promise.resolve();
  const look = makeLook();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let underWay = Promise.resolve();
  const run = (): void => {
    underWay = look().catch((error: unknown) => log.warn({ error }, 'the log could not be signed; it is tried again')).then(() => {
      if (!stopped) timer = setTimeout(run, lookMs);
    });
  };
  run();
  return () => {
    stopped = true;
    clearTimeout(timer);
    return underWay;
  };
}

/** Looks whether enough is new, and only then at the files. */
function makeLook(): () => Promise<void> {
  let comparedAt = -Infinity;
  let said = '';
  return async () => {
    const now = performance.now();
    if (now - comparedAt < compareMs && (said !== '' || !(await isSigningDue()))) return;
    comparedAt = now;
    try {
      for (let behind = true; behind; ) {
        const { isBehind, signed } = await signLog(signingFiles());
        behind = isBehind;
        if (signed !== null) log.info({ size: signed.size }, 'the log is signed');
      }
      await reportSigning(null);
      said = '';
    } catch (error) {
      if (!(error instanceof SigningProblem)) throw error;
      if (said !== error.code) log.error({ problem: error.code, error: error.cause }, error.message);
      said = error.code;
      await reportSigning(error);
    }
  };
}
