/** Sign-in and sign-out; see lib/auth/handler.ts for the three addresses. */
import { handleSignIn } from '#lib/auth/handler.ts';
import { open } from '#lib/http/route.ts';

const handle = open(async (request, context) => handleSignIn(request, [(await context.params)['nextauth'] ?? []].flat()));

export { handle as GET, handle as POST };
