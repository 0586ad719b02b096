/** ETags of resources (RFC 7644 section 3.14): a change that names a version is made only to that version. */
import { ScimError } from './error.ts';

/** Throws ScimError 'versionDiffers' when `ifMatch` names versions and not this one. */
export function checkVersion(ifMatch: string | null, version: string): void {
  if (ifMatch !== null && !names(ifMatch, version)) throw new ScimError('versionDiffers', 'The resource has changed since it was read. Read it again.');
}

/** True when a header If-Match or If-None-Match names the version. Compared weakly: ours are weak. */
export function names(header: string, version: string): boolean {
  const opaque = (tag: string): string => tag.trim().replace(/^W\//, '');
  return header.split(',').some((tag) => tag.trim() === '*' || opaque(tag) === opaque(version));
}
