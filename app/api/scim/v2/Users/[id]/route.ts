/** SCIM: one user. POST is the search of /Users/.search, whose name stands where an id would. */
import { readScimBody, scimRoute } from '#lib/http/scim-route.ts';
import { ScimError } from '#lib/scim/error.ts';
import { listResponse, projectionOfAddress, queryOfBody } from '#lib/scim/query.ts';
import { userSchema } from '#lib/scim/schema.ts';
import { listUsers } from '#lib/scim/users/read.ts';
import { getUser, patchUser, putUser } from '#lib/scim/users/requests.ts';
import { removeUser } from '#lib/scim/users/write.ts';
import { names } from '#lib/scim/version.ts';

export const GET = scimRoute(async ({ client, request, search, base, id }) => {
  const { resource, version, location } = await getUser({ client, projection: projectionOfAddress(userSchema, search), base }, id);
  const known = request.headers.get('if-none-match');
  return known !== null && names(known, version) ? { status: 304, etag: version } : { status: 200, body: resource, etag: version, location };
});

export const PUT = scimRoute(async ({ client, request, search, base, id, ifMatch }) => {
  const asking = { client, projection: projectionOfAddress(userSchema, search), base };
  const { resource, version, location } = await putUser(asking, { id, ifMatch }, await readScimBody(request));
  return { status: 200, body: resource, etag: version, location };
});

export const PATCH = scimRoute(async ({ client, request, search, base, id, ifMatch }) => {
  const asking = { client, projection: projectionOfAddress(userSchema, search), base };
  const { resource, version, location } = await patchUser(asking, { id, ifMatch }, await readScimBody(request));
  return { status: 200, body: resource, etag: version, location };
});

export const DELETE = scimRoute(async ({ client, id, ifMatch }) => {
  await removeUser(client, { id, ifMatch });
  return { status: 204 };
});

export const POST = scimRoute(async ({ request, base, id }) => {
  if (id !== '.search') throw new ScimError('notAllowed', 'Change a user with PUT or PATCH.');
  const query = queryOfBody(userSchema, await readScimBody(request));
  return { status: 200, body: listResponse(query, await listUsers(query, base)) };
});
