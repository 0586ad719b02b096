/** What a client may learn before it sends anything (RFC 7644 section 4): what is supported, and of what resources consist. */
import { resourceSchemas } from './schema.ts';
import { ScimError } from './error.ts';
import { limits, messages } from './types.ts';

const schemaOfConfig = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const schemaOfType = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const schemaOfSchema = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

export function serviceProviderConfig(base: string): Record<string, unknown> {
  return {
    schemas: [schemaOfConfig],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: limits.pageMax },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [{
      type: 'oauthbearertoken',
      name: 'Bearer token',
      description: 'A token that an admin makes on the page Provisioning, in the header Authorization.',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    }],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

/** User and Group. */
export function resourceTypes(base: string): Record<string, unknown>[] {
  return resourceSchemas.map(({ name, id, endpoint, description }) => ({
    schemas: [schemaOfType],
    id: name,
    name,
    endpoint,
    description,
    schema: id,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  }));
}

/** Attributes that every resource has stand in no schema (RFC 7643 section 3.1). */
const common = new Set(['schemas', 'id', 'externalId', 'meta']);

/** The attributes that Attest keeps, and no others. */
export function schemas(base: string): Record<string, unknown>[] {
  return resourceSchemas.map((schema) => ({
    schemas: [schemaOfSchema],
    id: schema.id,
    name: schema.name,
    description: schema.description,
    attributes: schema.attributes.filter(({ name, kept }) => kept && !common.has(name)).map((attribute) => attribute.description),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${schema.id}` },
  }));
}

/** All of a kind as a list. Throws ScimError 'forbidden' for a filter, which RFC 7644 section 4 wants refused. */
export function listDiscovered(all: Record<string, unknown>[], search: URLSearchParams): Record<string, unknown> {
  if (search.has('filter')) throw new ScimError('forbidden', 'This list takes no filter.');
  return { schemas: [messages.list], totalResults: all.length, startIndex: 1, itemsPerPage: all.length, Resources: all };
}

/** The one with that id. Throws ScimError 'notFound'. */
export function findDiscovered(all: Record<string, unknown>[], id: string): Record<string, unknown> {
  const found = all.find((each) => String(each['id']).toLowerCase() === id.toLowerCase());
  if (found === undefined) throw new ScimError('notFound', `There is no ${id.slice(0, 100)} here.`);
  return found;
}
