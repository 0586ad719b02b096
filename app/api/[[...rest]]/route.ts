/** Every address below /api that is none: told so in the form of all other refusals, not as a page. */
import { Problem } from '#lib/errors.ts';
import { open } from '#lib/http/route.ts';

const nothing = open(() => Promise.reject(new Problem('not-found', { detail: 'There is no such address.' })));

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
