/**
 * Takes the network away from this process, for machines where the operating system cannot. A second fence behind
 * the first (`unshare -n`), against libraries that would fetch what a document names; not against native code.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import net from 'node:net';

function refuse(): never {
  throw new Error('A parsing child has no network.');
}

export function goOffline(): void {
  net.Socket.prototype.connect = refuse;
  net.Server.prototype.listen = refuse;
  dgram.Socket.prototype.send = refuse;
  dgram.Socket.prototype.bind = refuse;
  dns.lookup = Object.assign(refuse, { __promisify__: refuse });
  globalThis.fetch = async () => refuse();
}
