/** Trying a provider's settings, saved or not. */
import { providerToTest, testProvider } from '#lib/auth/provider-test.ts';
import { json } from '#lib/http/reply.ts';
import { route } from '#lib/http/route.ts';

export const POST = route({ permission: 'provider:manage', body: providerToTest }, async ({ body }) => json(await testProvider(body)));
