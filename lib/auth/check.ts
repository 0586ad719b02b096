/** What is wrong with the sign-in is said when the web process starts and not at the first click. */
import { sql } from 'kysely';
import { z } from 'zod';
import { signInActor } from '../actor.ts';
import { transaction } from '../db/transaction.ts';
import { env } from '../env.ts';
import { logger } from '../log.ts';
import { authSecret, environmentProviders } from './provider.ts';

const log = logger('sign-in');

/** Throws one sentence when the sign-in is set up wrongly or unsafely. */
export function checkSignIn(): void {
  authSecret();
  environmentProviders();
}

const found = z.tuple([z.object({ providers: z.number(), members: z.boolean(), admins: z.boolean() })]);

/**
 * Throws one sentence where nobody could ever sign in: no provider, and nobody who might have added one. Warns where there is
 * none any more, and where nobody is or would become an admin. Throws Problem 'database-unavailable'.
 */
export async function checkWayIn(): Promise<void> {
  const given = environmentProviders();
  if (given.some(({ id }) => id === 'demo')) return;
  const { rows } = await transaction(signInActor, (tx) => sql`
    select (select count(*)::int from providers where enabled) as providers, exists (select from members) as members,
      exists (select from members where role = 'admin' and disabled_at is null) as admins`.execute(tx));
  const [{ providers, members, admins }] = found.parse(rows);
  const sentence = 'Set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET for OpenID Connect, or OIDC_PROVIDERS for SAML 2.0 or for several';
  if (given.length + providers === 0 && !members) throw new Error(`No identity provider is set up, so nobody could sign in. ${sentence}; an admin can add more on a page later.`);
  if (given.length + providers === 0) log.warn(`No identity provider is set up or switched on, so nobody can sign in. ${sentence}.`);
  else if (!admins && env().ADMIN_EMAILS.length === 0) {
    log.warn('There is no admin yet. Set ADMIN_EMAILS, or print a link that makes one: npm run admin:link, in containers docker compose exec web node scripts/admin-link.ts.');
  }
}
