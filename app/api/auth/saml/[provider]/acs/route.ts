/** The answer of a provider that speaks SAML, posted by its page. */
import { z } from 'zod';
import { receiveSaml } from '#lib/auth/saml-handler.ts';
import { openToProviders } from '#lib/http/route.ts';

const params = z.object({ provider: z.string() });

export const POST = openToProviders(async (request, context) => receiveSaml(request, params.parse(await context.params).provider));
