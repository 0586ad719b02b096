import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';

test('after going offline no ordinary way to the network is left', async (context) => {
  const server = createServer((_, response) => response.end('reached'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const code = `
    const { goOffline } = await import(${JSON.stringify(path.join(import.meta.dirname, 'offline.ts'))});
    goOffline();
    const attempt = (act) => new Promise((resolve) => { try { act(resolve); } catch (error) { resolve(error.message); } });
    const results = [];
    results.push(await fetch('http://127.0.0.1:${port}').catch((error) => error.message));
    results.push(await attempt((resolve) => http.get('http://127.0.0.1:${port}', () => resolve('reached')).on('error', (error) => resolve(error.message))));
    results.push(await attempt((resolve) => net.connect(${port}, '127.0.0.1', () => resolve('reached'))));
    results.push(await attempt((resolve) => dns.lookup('localhost', () => resolve('reached'))));
    results.push(await attempt((resolve) => dgram.createSocket('udp4').send('x', ${port}, '127.0.0.1', () => resolve('reached'))));
    console.log(JSON.stringify(results));
    process.exit(0);`;
  const imports = "import http from 'node:http'; import net from 'node:net'; import dns from 'node:dns'; import dgram from 'node:dgram';";
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', imports + code]);
  assert.deepEqual(JSON.parse(stdout), Array<string>(5).fill('A parsing child has no network.'));
});
