/** SCIM: what is supported. */
import { scimRoute } from '#lib/http/scim-route.ts';
import { serviceProviderConfig } from '#lib/scim/discovery.ts';

export const GET = scimRoute(({ base }) => Promise.resolve({ status: 200, body: serviceProviderConfig(base) }));
