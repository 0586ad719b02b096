/** SCIM: every address that is none, and what of the protocol is not offered, told in its own form. */
import { scimRoute } from '#lib/http/scim-route.ts';
import { ScimError } from '#lib/scim/error.ts';

const notOffered = /\/(?:Me|Bulk)(?:\/|$)/i;

const nothing = scimRoute(({ request }) => {
  const { pathname } = new URL(request.url);
  return Promise.reject(notOffered.test(pathname) ? new ScimError('notOffered', 'Attest does not offer this part of SCIM.') : new ScimError('notFound', 'There is no such address.'));
});

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
