/** SCIM: one kind of resource. */
import { scimRoute } from '#lib/http/scim-route.ts';
import { findDiscovered, resourceTypes } from '#lib/scim/discovery.ts';

export const GET = scimRoute(({ base, id }) => Promise.resolve({ status: 200, body: findDiscovered(resourceTypes(base), id) }));
