/**
 * A checkpoint says how long the log was and what its root was, signed with Ed25519: C2SP tlog-checkpoint within a C2SP
 * signed-note, byte for byte, so that tools of the transparency world read it. It knows text and keys, no database.
 *
 *   <origin>\n<size>\n<root, base64>\n\n— <key name> <base64 of 4 bytes key id and 64 bytes signature>\n
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { hashBytes } from './merkle.ts';

export interface Checkpoint {
  /** Which log, for instance attest.example.com/log. Also the name of the key. */
  origin: string;
  size: number;
  root: Buffer;
}

/** Whoever has it can sign checkpoints. `text` is what stands in the key file: C2SP's encoded signer key. */
export interface SigningKey {
  name: string;
  id: Buffer;
  key: KeyObject;
  text: string;
  /** What is given to verifiers: C2SP's verifier key, `name+id+key`. */
  verifierText: string;
}

export interface VerifyingKey {
  name: string;
  id: Buffer;
  key: KeyObject;
}

/** Why bytes are no checkpoint of that key, in words. */
export class CheckpointError extends Error {}

const algorithm = Buffer.from([1]);
const keyBytes = 32;
const idBytes = 4;
const signatureBytes = 64;
const dash = '\u2014';
const privateMark = 'PRIVATE+KEY';
/** C2SP signed-note: a name is not empty and holds neither spaces nor plus signs. */
const nameShape = /^[^\s+]+$/u;

/** A new key of that name. */
export function makeSigningKey(name: string): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { d = '' } = privateKey.export({ format: 'jwk' });
  return signingKey(name, Buffer.from(d, 'base64url'));
}

/** Reads a key file. Throws CheckpointError when it is not one, or when its id does not belong to it. */
export function readSigningKey(text: string): SigningKey {
  const [mark, second, name = '', id = '', encoded = ''] = text.trim().split('+').length > 4 ? splitKey(text.trim()) : [];
  const bytes = Buffer.from(encoded, 'base64');
  if (`${mark}+${second}` !== privateMark || bytes.length !== 1 + keyBytes || bytes[0] !== algorithm[0]) throw new CheckpointError('The key file holds no signing key of the log.');
  const key = signingKey(name, bytes.subarray(1));
  if (key.id.toString('hex') !== id) throw new CheckpointError('The id in the key file does not belong to its key.');
  return key;
}

/** Reads a verifier key, `name+id+key`. Throws CheckpointError. */
export function readVerifyingKey(text: string): VerifyingKey {
  const [name = '', id = '', ...rest] = text.trim().split('+');
  const bytes = Buffer.from(rest.join('+'), 'base64');
  if (!nameShape.test(name) || bytes.length !== 1 + keyBytes || bytes[0] !== algorithm[0]) throw new CheckpointError('This is no verifier key of a log.');
  const raw = bytes.subarray(1);
  if (keyId(name, raw).toString('hex') !== id) throw new CheckpointError('The id of the verifier key does not belong to it.');
  return { name, id: keyId(name, raw), key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }) };
}

/** The signed note for a checkpoint; the key's name becomes its origin. */
export function signCheckpoint({ size, root }: Omit<Checkpoint, 'origin'>, signer: SigningKey): string {
  const body = `${signer.name}\n${size}\n${root.toString('base64')}\n`;
  const signature = Buffer.concat([signer.id, sign(null, Buffer.from(body), signer.key)]);
  return `${body}\n${dash} ${signer.name} ${signature.toString('base64')}\n`;
}

/** The checkpoint that a note holds, once its signature by that key is found good. Throws CheckpointError with the reason. */
export function openCheckpoint(note: string, verifier: VerifyingKey): Checkpoint {
  const end = note.indexOf('\n\n');
  if (end < 0) throw new CheckpointError('The note has no signature.');
  const body = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  if (lines.pop() !== '') throw new CheckpointError('The note is cut off.');
  const own = lines.map(readSignature).filter(({ name, id }) => name === verifier.name && id.equals(verifier.id));
  if (own.length === 0) throw new CheckpointError(`The note is not signed by ${verifier.name}.`);
  if (!own.every(({ signature }) => verify(null, Buffer.from(body), verifier.key, signature))) throw new CheckpointError(`The signature of ${verifier.name} does not belong to this note.`);
  return readBody(body, verifier.name);
}

function readBody(body: string, origin: string): Checkpoint {
  const [first, second = '', third = ''] = body.split('\n');
  if (first !== origin) throw new CheckpointError(`The note speaks of another log, ${first}.`);
  const size = Number(second);
  if (!/^(0|[1-9][0-9]*)$/.test(second) || !Number.isSafeInteger(size)) throw new CheckpointError('The note says no size.');
  const root = Buffer.from(third, 'base64');
  if (root.length !== hashBytes || root.toString('base64') !== third) throw new CheckpointError('The note says no root.');
  return { origin, size, root };
}

function readSignature(line: string): { name: string; id: Buffer; signature: Buffer } {
  const [, name, encoded] = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u.exec(line) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (name === undefined || bytes.length !== idBytes + signatureBytes || bytes.toString('base64') !== encoded) throw new CheckpointError('A signature of the note cannot be read.');
  return { name, id: bytes.subarray(0, idBytes), signature: bytes.subarray(idBytes) };
}

function signingKey(name: string, seed: Buffer): SigningKey {
  if (!nameShape.test(name)) throw new CheckpointError('The name of a log holds neither spaces nor plus signs.');
  // PKCS #8 of an Ed25519 key (RFC 8410): this fixed beginning, then the seed.
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const raw = Buffer.from(x, 'base64url');
  const id = keyId(name, raw);
  const encode = (bytes: Buffer): string => `${name}+${id.toString('hex')}+${Buffer.concat([algorithm, bytes]).toString('base64')}`;
  return { name, id, key, text: `${privateMark}+${encode(seed)}`, verifierText: encode(raw) };
}

/** C2SP signed-note: the first four bytes of SHA-256 of name, newline, algorithm and key. */
function keyId(name: string, raw: Buffer): Buffer {
  return createHash('sha256').update(`${name}\n`).update(algorithm).update(raw).digest().subarray(0, idBytes);
}

/** `PRIVATE+KEY+name+id+key`; the key's base64 may hold plus signs of its own. */
function splitKey(text: string): string[] {
  const parts = text.split('+');
  return [...parts.slice(0, 4), parts.slice(4).join('+')];
}
