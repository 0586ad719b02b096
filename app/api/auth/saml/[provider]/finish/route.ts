/** The end of a SAML sign-in, in the browser that began it. */
import { z } from 'zod';
import { finishSaml } from '#lib/auth/saml-handler.ts';
import { open } from '#lib/http/route.ts';

const params = z.object({ provider: z.string() });

export const GET = open(async (request, context) => finishSaml(request, params.parse(await context.params).provider));
