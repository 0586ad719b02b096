/** What must be true of this machine before anything starts. Each check throws one sentence that says what to do. */
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** Makes the data folder when missing, and proves that it can be written. */
export function checkDataFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const probe = path.join(folder, `.write-test-${process.pid}`);
    fs.writeFileSync(probe, '');
    fs.rmSync(probe);
  } catch (error) {
    throw new Error(`The data folder ${folder} cannot be written (${codeOf(error)}). Choose another one with --data or DATA_DIR.`, { cause: error });
  }
}

/** Refuses a port that something else listens on. */
export async function checkPort(port: number, host: string): Promise<void> {
  try {
    await listenOnce(port, host);
  } catch (error) {
    const reason = codeOf(error) === 'EADDRINUSE' ? 'is already in use' : `cannot be opened (${codeOf(error)})`;
    throw new Error(`Port ${port} on ${host} ${reason}. Choose another one with --port or WEB_PORT, or stop what uses it.`, { cause: error });
  }
}

/** The preferred port when it is free, else any free one. Port 0 asks for any. */
export async function freePort(preferred: number, host = '127.0.0.1'): Promise<number> {
  try {
    return await listenOnce(preferred, host);
  } catch {
    return listenOnce(0, host);
  }
}

function listenOnce(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}
