/** Entry of the demo identity provider, a process of its own. DEMO_ISSUER says where it listens. */
import { env } from '../../env.ts';
import { logger } from '../../log.ts';
import { onShutdown } from '../../shutdown.ts';
import { demoClientId, demoClientSecret } from '../provider.ts';
import { demoAccounts } from './accounts.ts';
import { refuseUnsafeDemo } from './safety.ts';
import { startDemoProvider } from './server.ts';

const log = logger('demo-sign-in');

try {
  refuseUnsafeDemo();
  const { DEMO_ISSUER: issuer = '', ATTEST_URL: appUrl } = env();
  const running = await startDemoProvider({ issuer, appUrl, client: { id: demoClientId, secret: demoClientSecret() }, accounts: demoAccounts });
  onShutdown(() => running.close());
  log.info({ issuer }, 'demo sign-in ready');
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : 'The demo sign-in cannot start.');
  process.exit(1);
}
