/** Loaded into every process that `npm start` starts (`node --import`), so that none outlives it, even when it is killed. */
import { exitWithParent } from '#lib/shutdown.ts';

exitWithParent();
