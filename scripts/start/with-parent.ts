/** Loaded into every process that `npm start` starts (`node --import`), so that none outlives it, even when it is killed. */
import { exitWithParent } from '#lib/shutdown.ts';

exitWithParent();

// Processes that this one forks inherit its options by default; they have a parent of their own and watch it themselves.
const option = process.execArgv.findIndex((value, index) => value === '--import' && process.execArgv[index + 1] === import.meta.filename);
if (option >= 0) process.execArgv.splice(option, 2);
