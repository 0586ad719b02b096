/**
 * The text of an API key: `attest_`, 256 random bits, and a checksum by which a mistyped or cut-off key, and a key that
 * somebody published, is told without asking the database. It knows no member and no table.
 */
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const mark = 'attest_';
const secretBytes = 32;
/** base64url of 32 bytes and of the 4 of a CRC-32. */
const secretCharacters = 43;
const shape = /^attest_[A-Za-z0-9_-]{49}$/;
/** Of the secret, in the prefix that is kept to know a key again: 24 of its 256 bits. */
const shownCharacters = 4;

/** A new key. It is shown once to the member who makes it and kept nowhere. */
export function newKey(): string {
  const body = mark + randomBytes(secretBytes).toString('base64url');
  return body + checksum(body);
}

/** True when `text` could be a key of ours: its shape and its checksum fit. */
export function isKey(text: string): boolean {
  const end = mark.length + secretCharacters;
  return shape.test(text) && checksum(text.slice(0, end)) === text.slice(end);
}

/**
 * What is kept of a key, and looked up: its SHA-256. The database compares hashes, so how long that takes tells
 * something of a hash and nothing of a key.
 */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The first characters of a key, by which its owner knows it again: "attest_4fQ2". */
export function prefixOf(key: string): string {
  return key.slice(0, mark.length + shownCharacters);
}

function checksum(body: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64url');
}
