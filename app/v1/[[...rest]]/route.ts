/** Every address below /v1 that is none: told so in OpenAI's form. */
import { Problem } from '#lib/errors.ts';
import { openAiFailure } from '#lib/http/failure-forms.ts';
import { openToPrograms } from '#lib/http/route.ts';

const detail = 'There is no such address. Attest has /v1/models and /v1/chat/completions.';
const nothing = openToPrograms(() => Promise.reject(new Problem('not-found', { detail })), openAiFailure);

export { nothing as DELETE, nothing as GET, nothing as PATCH, nothing as POST, nothing as PUT };
