/** SCIM: one group. POST is the search of /Groups/.search, whose name stands where an id would. */
import { readScimBody, scimRoute } from '#lib/http/scim-route.ts';
import { ScimError } from '#lib/scim/error.ts';
import { listResponse, projectionOfAddress, queryOfBody } from '#lib/scim/query.ts';
import { groupSchema } from '#lib/scim/schema.ts';
import { listGroups } from '#lib/scim/groups/read.ts';
import { getGroup, patchGroup, putGroup } from '#lib/scim/groups/requests.ts';
import { removeGroup } from '#lib/scim/groups/write.ts';
import { names } from '#lib/scim/version.ts';

export const GET = scimRoute(async ({ client, request, search, base, id }) => {
  const { resource, version, location } = await getGroup({ client, projection: projectionOfAddress(groupSchema, search), base }, id);
  const known = request.headers.get('if-none-match');
  return known !== null && names(known, version) ? { status: 304, etag: version } : { status: 200, body: resource, etag: version, location };
});

export const PUT = scimRoute(async ({ client, request, search, base, id, ifMatch }) => {
  const asking = { client, projection: projectionOfAddress(groupSchema, search), base };
  const { resource, version, location } = await putGroup(asking, { id, ifMatch }, await readScimBody(request));
  return { status: 200, body: resource, etag: version, location };
});

export const PATCH = scimRoute(async ({ client, request, search, base, id, ifMatch }) => {
  const asking = { client, projection: projectionOfAddress(groupSchema, search), base };
  const { resource, version, location } = await patchGroup(asking, { id, ifMatch }, await readScimBody(request));
  return { status: 200, body: resource, etag: version, location };
});

export const DELETE = scimRoute(async ({ client, id, ifMatch }) => {
  await removeGroup(client, { id, ifMatch });
  return { status: 204 };
});

export const POST = scimRoute(async ({ request, base, id }) => {
  if (id !== '.search') throw new ScimError('notAllowed', 'Change a group with PUT or PATCH.');
  const query = queryOfBody(groupSchema, await readScimBody(request));
  return { status: 200, body: listResponse(query, await listGroups(query, base)) };
});
