/** The ingest process: takes jobs from the queue until it is asked to end, then finishes or gives back what it holds. */
import { startDelivery } from '#lib/audit/siem/deliver.ts';
import { closeDatabase } from '#lib/db/pool.ts';
import { env } from '#lib/env.ts';
import { closeQueue, openQueue, work } from '#lib/jobs/jobs.ts';
import { logger } from '#lib/log.ts';
import { onShutdown } from '#lib/shutdown.ts';
import { keepSigning } from './checkpoints.ts';
import { embedReadyVersion } from './embed.ts';
import { serveHealth } from './health.ts';
import { purgeDocument } from './purge.ts';
import { ingestVersion } from './run.ts';
import { removeSupersededVectors } from './superseded.ts';
import { watch } from './watch.ts';

const log = logger('ingest');
/** Below the time in which the supervisor ends a process that does not end by itself. */
const finishMs = 8000;

try {
  await openQueue({ supervise: true });
  await work('ingest-version', { concurrency: env().INGEST_CONCURRENCY }, ({ versionId }, job) => ingestVersion(versionId, job));
  await work('purge-document', { concurrency: 1 }, ({ documentId }) => purgeDocument(documentId));
  await work('embed-version', { concurrency: 1 }, ({ versionId }, job) => embedReadyVersion(versionId, job.signal));
  await work('remove-vectors', { concurrency: 1 }, ({ keep }, job) => removeSupersededVectors(keep, job.signal));
  const endWatch = watch();
  const endSigning = keepSigning();
  const delivery = startDelivery();
  const health = await serveHealth(delivery.health);
  log.info({ port: env().INGEST_PORT }, 'ingest ready');
  onShutdown(async () => {
    endWatch();
    const signingEnded = endSigning();
    health.close();
    health.closeAllConnections();
    await Promise.all([closeQueue(finishMs), delivery.stop()]);
    await signingEnded;
    await closeDatabase();
  });
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'The ingest process did not start.');
  process.exit(1);
}
