/** What the routes about identity providers answer, checked in the browser. */
import { z } from 'zod';
import type { OidcSettings, ProviderRow, ProviderTest, SamlSettings } from '#lib/auth/types.ts';

const oidcSettings = z.object({
  issuer: z.string(),
  clientId: z.string(),
  scopes: z.string(),
  groupsClaim: z.string(),
  trustsEmail: z.boolean(),
  logout: z.enum(['provider', 'here']),
}) satisfies z.ZodType<OidcSettings>;

const samlSettings = z.object({
  issuer: z.string(),
  entryPoint: z.string(),
  certificate: z.string(),
  audience: z.string(),
  emailAttribute: z.string(),
  nameAttribute: z.string(),
  groupsAttribute: z.string(),
  trustsEmail: z.boolean(),
}) satisfies z.ZodType<SamlSettings>;

const common = {
  id: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  from: z.enum(['environment', 'page']),
  hasSecret: z.boolean(),
  accounts: z.number(),
  revision: z.number(),
  callbackAddress: z.string(),
  logoutAddress: z.string().nullable(),
};

export const providerRow = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('oidc'), settings: oidcSettings }),
  z.object({ ...common, kind: z.literal('saml'), settings: samlSettings }),
]) satisfies z.ZodType<ProviderRow>;

export const providerTest = z.object({ works: z.boolean(), findings: z.array(z.object({ good: z.boolean(), sentence: z.string() })) }) satisfies z.ZodType<ProviderTest>;
