/** A provider's server says that sessions have ended there. */
import { z } from 'zod';
import { endFromProvider } from '#lib/auth/backchannel.ts';
import { openToProviders } from '#lib/http/route.ts';

const params = z.object({ provider: z.string() });

export const POST = openToProviders(async (request, context) => endFromProvider(request, params.parse(await context.params).provider));
