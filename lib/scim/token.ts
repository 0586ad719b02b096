/** The text of a provisioning token: a mark by which scanners for leaked secrets know it, and 256 random bits. It knows no table. */
import { createHash, randomBytes } from 'node:crypto';

const mark = 'attest_scim_';
const shape = /^attest_scim_[A-Za-z0-9_-]{43}$/;

/** A new token. It is shown once to the admin who makes it and kept nowhere. */
export function newScimToken(): string {
  return mark + randomBytes(32).toString('base64url');
}

/** True when `text` could be a token of ours. */
export function isScimToken(text: string): boolean {
  return shape.test(text);
}

/** What is kept of a token. It is random and long, so no salt is needed. */
export function hashScimToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
