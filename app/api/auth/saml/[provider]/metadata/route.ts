/** What a provider that speaks SAML is told about us. */
import { z } from 'zod';
import { describeForSaml } from '#lib/auth/saml-handler.ts';
import { open } from '#lib/http/route.ts';

const params = z.object({ provider: z.string() });

export const GET = open(async (_request, context) => describeForSaml(params.parse(await context.params).provider));
