/**
 * How every process of ours ends: on SIGTERM, on SIGINT, or when the process that started it is gone.
 * It does not know what has to be closed; each entry brings its own `stop`.
 */

/** Longest a process may take over its own `stop` before it is ended anyway. */
const stopMsMax = 15_000;

/**
 * Runs `stop` once when this process is asked to end, then exits: 0 when `stop` finished, 1 when it failed or
 * took longer than 15 s. Also ends the process when its parent disappears, see `exitWithParent`.
 */
export function onShutdown(stop: () => Promise<void> | void): void {
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), stopMsMax).unref();
    Promise.resolve()
      .then(stop)
      .then(() => process.exit(0), () => process.exit(1));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  exitWithParent();
}

/**
 * Asks this process to end when the parent that started it is gone, even by SIGKILL: the kernel closes the IPC channel
 * that the parent opened. Without such a channel (a container, a terminal) nothing happens.
 */
export function exitWithParent(): void {
  if (!process.channel) return;
  process.channel.unref();
  process.once('disconnect', () => {
    // An entry with its own SIGTERM handler closes in order; one without simply ends.
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), stopMsMax).unref();
  });
}
