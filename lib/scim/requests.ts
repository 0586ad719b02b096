/** The common shape of what a directory asks about one resource, and of what it is answered. */
import type { Projection } from './projection.ts';
import type { ScimClient, ScimObject } from './types.ts';

export interface Asking {
  client: ScimClient;
  /** What of the resource the answer shows. */
  projection: Projection;
  /** Address of the interface, for links. */
  base: string;
}

export interface Answered {
  resource: ScimObject;
  version: string;
  location: string;
}
