/** SCIM: users, a page of them, and adding one. */
import { readScimBody, scimRoute } from '#lib/http/scim-route.ts';
import { listResponse, projectionOfAddress, queryOfAddress } from '#lib/scim/query.ts';
import { userSchema } from '#lib/scim/schema.ts';
import { listUsers } from '#lib/scim/users/read.ts';
import { postUser } from '#lib/scim/users/requests.ts';

export const GET = scimRoute(async ({ search, base }) => {
  const query = queryOfAddress(userSchema, search);
  return { status: 200, body: listResponse(query, await listUsers(query, base)) };
});

export const POST = scimRoute(async ({ client, request, search, base }) => {
  const projection = projectionOfAddress(userSchema, search);
  const { resource, version, location } = await postUser({ client, projection, base }, await readScimBody(request));
  return { status: 201, body: resource, etag: version, location };
});
