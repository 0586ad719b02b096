/**
 * Secrets that the database keeps and nobody may read there: sealed with AES-256-GCM under a key derived from
 * AUTH_SECRET. What is sealed for one purpose opens for no other, so that a sealed value moved to another row is worth
 * nothing.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { authSecret } from './provider.ts';

const algorithm = 'aes-256-gcm';
/** First byte of everything sealed, so that another way can follow. */
const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/** `text` sealed: version, nonce, tag, ciphertext. `purpose` names the row and column that it is for. */
export function seal(purpose: string, text: string): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, sealingKey(), nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed]);
}

/** What was sealed for that purpose. Throws when AUTH_SECRET has changed since, or when it is not for that purpose. */
export function unseal(purpose: string, sealed: Uint8Array): string {
  const bytes = Buffer.from(sealed);
  if (bytes[0] !== version || bytes.length < 1 + nonceBytes + tagBytes) throw new Error('This is not a sealed value.');
  const nonce = bytes.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv(algorithm, sealingKey(), nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(purpose));
  decipher.setAuthTag(bytes.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes));
  return Buffer.concat([decipher.update(bytes.subarray(1 + nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
}

function sealingKey(): Buffer {
  return Buffer.from(hkdfSync('sha256', authSecret(), '', 'attest sealed secrets', 32));
}
