/** SCIM: the schemas of users and groups. A filter is refused, as RFC 7644 section 4 asks. */
import { scimRoute } from '#lib/http/scim-route.ts';
import { listDiscovered, schemas } from '#lib/scim/discovery.ts';

export const GET = scimRoute(({ base, search }) => Promise.resolve({ status: 200, body: listDiscovered(schemas(base), search) }));
