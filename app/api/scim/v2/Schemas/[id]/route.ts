/** SCIM: one schema. */
import { scimRoute } from '#lib/http/scim-route.ts';
import { findDiscovered, schemas } from '#lib/scim/discovery.ts';

export const GET = scimRoute(({ base, id }) => Promise.resolve({ status: 200, body: findDiscovered(schemas(base), id) }));
