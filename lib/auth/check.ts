/** What is wrong with the sign-in is said when the web process starts and not at the first click. */
import { logger } from '../log.ts';
import { authSecret, environmentProviders } from './provider.ts';

/** Throws one sentence when the sign-in is set up wrongly or unsafely; warns when there is none at all. */
export function checkSignIn(): void {
  authSecret();
  if (environmentProviders().length > 0) return;
  logger('sign-in').warn('No identity provider is set up by variables. Unless an admin added one, nobody can sign in: set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.');
}
