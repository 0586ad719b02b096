/** SCIM: groups, a page of them, and adding one. */
import { readScimBody, scimRoute } from '#lib/http/scim-route.ts';
import { listResponse, projectionOfAddress, queryOfAddress } from '#lib/scim/query.ts';
import { groupSchema } from '#lib/scim/schema.ts';
import { listGroups } from '#lib/scim/groups/read.ts';
import { postGroup } from '#lib/scim/groups/requests.ts';

export const GET = scimRoute(async ({ search, base }) => {
  const query = queryOfAddress(groupSchema, search);
  return { status: 200, body: listResponse(query, await listGroups(query, base)) };
});

export const POST = scimRoute(async ({ client, request, search, base }) => {
  const projection = projectionOfAddress(groupSchema, search);
  const { resource, version, location } = await postGroup({ client, projection, base }, await readScimBody(request));
  return { status: 201, body: resource, etag: version, location };
});
