/** What a provisioning client is told when something cannot be done: SCIM's own errors (RFC 7644 section 3.12), not problem+json. */

/** Detail keywords of the RFC -> HTTP status. */
const statuses = {
  invalidFilter: 400,
  invalidSyntax: 400,
  invalidPath: 400,
  invalidValue: 400,
  noTarget: 400,
  mutability: 400,
  uniqueness: 409,
} as const;
export type ScimType = keyof typeof statuses;

/** Failures that have no keyword of their own. */
export const scimStatuses = { unauthorized: 401, forbidden: 403, notFound: 404, notAllowed: 405, versionDiffers: 412, tooLarge: 413, wrongMediaType: 415, notOffered: 501 } as const;

/** A failure of one request. `message` is shown to whoever runs the client. */
export class ScimError extends Error {
  readonly status: number;
  readonly scimType: ScimType | undefined;
  override readonly name = 'ScimError';

  constructor(kind: ScimType | keyof typeof scimStatuses, detail: string, options: { cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = kind in statuses ? statuses[kind as ScimType] : scimStatuses[kind as keyof typeof scimStatuses];
    this.scimType = kind in statuses ? (kind as ScimType) : undefined;
  }
}
