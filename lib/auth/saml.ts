/**
 * SAML 2.0 as a service provider: the request that people are sent away with, and the assertion they come back with.
 * The signature and its library (@node-saml/node-saml) decide what was said; what is accepted of it is checked here
 * again on the signed assertion alone. It knows no session.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { SAML, ValidateInResponseTo, type CacheProvider, type Profile } from '@node-saml/node-saml';
import { z } from 'zod';
import { env } from '../env.ts';
import { authSecret, type SamlProvider } from './provider.ts';
import { readSamlDocument, SamlRefusal } from './saml-document.ts';

const clockMsMax = 60_000;
/** The longest between the assertion being made and its reaching us. */
const assertionMsMax = 10 * 60_000;
/** The longest that somebody may take to sign in at the provider. */
export const requestMsMax = 15 * 60_000;

/** An assertion that was accepted: claims in the shape of OpenID Connect's, and what must not be taken twice. */
export interface Assertion {
  claims: { sub: string; email?: string; name?: string; groups?: string[]; sid?: string; auth_time?: number };
  requestId: string;
  idSha256: Buffer;
  expiresAt: Date;
}

/** Where the provider sends its answers. */
export function assertionAddress(providerId: string): string {
  return `${new URL(env().ATTEST_URL).origin}/api/auth/saml/${providerId}/acs`;
}

const idShape = /^_(?<browser>[0-9a-f]{64})(?<atMs>[0-9a-f]{12})(?<proof>[0-9a-f]{64})$/;

/**
 * An id that proves by itself that the request is ours, for which provider, when it was made and by which browser, of
 * whose secret it holds the hash. So beginning a sign-in writes nothing anywhere.
 */
export function newRequestId(providerId: string, browserSha256: Buffer): string {
  const said = `${browserSha256.toString('hex')}${Date.now().toString(16).padStart(12, '0')}`;
  return `_${said}${prove(providerId, said)}`;
}

/** The hash of the browser's secret from the id of a request of ours for that provider that is not too old, else null. */
export function browserOf(requestId: string, providerId: string): Buffer | null {
  const { browser = '', atMs = '', proof = '' } = idShape.exec(requestId)?.groups ?? {};
  if (proof === '' || !timingSafeEqual(Buffer.from(proof), Buffer.from(prove(providerId, browser + atMs)))) return null;
  const age = Date.now() - Number.parseInt(atMs, 16);
  return age >= 0 && age < requestMsMax ? Buffer.from(browser, 'hex') : null;
}

function prove(providerId: string, said: string): string {
  return createHmac('sha256', authSecret()).update(`SAML request to ${providerId}: ${said}`).digest('hex');
}

/** The provider's address with a request that has that id. `forceAuthn`: whoever is signed in there must prove anew who they are. */
export function requestAddress(provider: SamlProvider, requestId: string, forceAuthn = false): Promise<string> {
  return client(provider, { requestId, forceAuthn, isPending: async () => false }).getAuthorizeUrlAsync('', undefined, {});
}

/** What the provider is told about us: a document that its admins load. */
export function describeUs(provider: SamlProvider): string {
  return client(provider, { requestId: '', isPending: async () => false }).generateServiceProviderMetadata(null, null);
}

/** The claims of a response. `isPending` says when a request was made that is still waiting. Throws what is wrong. */
export async function readResponse(provider: SamlProvider, encoded: string, isPending: (requestId: string) => Promise<boolean>): Promise<Assertion> {
  const address = assertionAddress(provider.id);
  readSamlDocument(encoded, address);
  const { profile } = await client(provider, { requestId: '', isPending }).validatePostResponseAsync({ SAMLResponse: encoded.replace(/\s+/g, '') });
  if (profile?.getAssertion === undefined) throw new SamlRefusal('the provider did not sign anybody in');
  if (profile.issuer !== provider.issuer) throw new Error('the assertion is by another issuer');
  const { Assertion: assertion } = assertionShape.parse(profile.getAssertion());
  const confirmations = assertion.Subject[0].SubjectConfirmation.filter(({ $ }) => $.Method === 'urn:oasis:names:tc:SAML:2.0:cm:bearer');
  const [confirmation] = confirmations;
  if (confirmation === undefined || confirmations.length > 1) throw new Error('the assertion has no single bearer');
  const { Recipient: recipient, InResponseTo: requestId, NotOnOrAfter: until } = confirmation.SubjectConfirmationData[0].$;
  if (recipient !== address) throw new Error('the assertion is for another recipient');
  if (assertion.Conditions[0].$ === undefined) throw new Error('the assertion does not say how long it is good for');
  if (Date.parse(assertion.$.IssueInstant) > Date.now() + clockMsMax) throw new Error('the assertion was made in the future');
  if (!(await isPending(requestId))) throw new Error('nobody asked for this assertion');
  return {
    claims: { ...readClaims(provider, profile), ...readAuthnInstant(assertion.AuthnStatement[0].$?.AuthnInstant) },
    requestId,
    idSha256: createHash('sha256').update(assertion.$.ID).digest(),
    expiresAt: new Date(Math.max(Date.parse(until), Date.now()) + clockMsMax + assertionMsMax),
  };
}

const one = <Schema extends z.ZodType>(schema: Schema) => z.tuple([schema]);
const attributes = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject({ $: z.looseObject(shape) });
/** The signed assertion as the library's parser gives it. */
const assertionShape = z.looseObject({
  Assertion: z.looseObject({
    $: z.looseObject({ ID: z.string().min(1), IssueInstant: z.iso.datetime({ offset: true }) }),
    Subject: one(
      z.looseObject({
        SubjectConfirmation: z.array(
          attributes({ Method: z.string() }).extend({
            SubjectConfirmationData: one(attributes({ Recipient: z.string(), InResponseTo: z.string().min(1), NotOnOrAfter: z.iso.datetime({ offset: true }) })),
          }),
        ),
      }),
    ),
    Conditions: one(z.looseObject({ $: z.looseObject({ NotOnOrAfter: z.iso.datetime({ offset: true }) }).optional() })),
    AuthnStatement: one(z.looseObject({ $: z.looseObject({ AuthnInstant: z.string().optional() }).optional() })),
  }),
});

const emailNames = ['email', 'mail', 'urn:oid:0.9.2342.19200300.100.1.3', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'];
const personNames = ['name', 'displayName', 'urn:oid:2.16.840.1.113730.3.1.241', 'http://schemas.microsoft.com/identity/claims/displayname', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'];
const attributeValues = z.record(z.string(), z.union([z.string(), z.array(z.string())]).optional().catch(undefined));

/** What the assertion says of the person, under the names that the provider uses. */
function readClaims(provider: SamlProvider, profile: Profile): Assertion['claims'] {
  if (typeof profile.nameID !== 'string' || profile.nameID === '') throw new Error('the assertion names nobody');
  if (profile.nameIDFormat === 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient') throw new UnlastingName('the assertion names somebody for one sign-in only');
  const said = attributeValues.catch({}).parse(profile['attributes'] ?? {});
  const all = (name: string): string[] => (Object.hasOwn(said, name) ? [said[name] ?? []].flat() : []);
  const first = (names: readonly string[]): string | undefined => names.flatMap(all)[0];
  const byName = profile.nameIDFormat === 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' ? profile.nameID : undefined;
  const email = first([provider.emailAttribute, ...emailNames]) ?? byName;
  const name = first([provider.nameAttribute, ...personNames]);
  return {
    sub: profile.nameID,
    ...(email === undefined ? {} : { email }),
    ...(name === undefined ? {} : { name }),
    ...(Object.hasOwn(said, provider.groupsAttribute) ? { groups: all(provider.groupsAttribute) } : {}),
    ...(profile.sessionIndex === undefined ? {} : { sid: profile.sessionIndex }),
  };
}

/** When the person proved to the provider who they are, as the claim of OpenID Connect that says so. */
function readAuthnInstant(instant: string | undefined): { auth_time?: number } {
  const at = instant === undefined ? Number.NaN : Date.parse(instant);
  return Number.isNaN(at) ? {} : { auth_time: at / 1000 };
}

/** An account cannot be known again by a name that changes each time. */
export class UnlastingName extends Error {
  override readonly name = 'UnlastingName';
}

interface Exchange {
  requestId: string;
  isPending: (requestId: string) => Promise<boolean>;
  forceAuthn?: boolean;
}

function client(provider: SamlProvider, { requestId, isPending, forceAuthn = false }: Exchange): SAML {
  return new SAML({
    callbackUrl: assertionAddress(provider.id),
    entryPoint: provider.entryPoint,
    issuer: provider.audience,
    audience: provider.audience,
    idpCert: provider.certificate.split(/(?<=-----END CERTIFICATE-----)\s+/),
    idpIssuer: provider.issuer,
    wantAssertionsSigned: true,
    // Many providers sign the assertion alone; nothing outside it is believed.
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: clockMsMax,
    maxAssertionAgeMs: assertionMsMax,
    validateInResponseTo: ValidateInResponseTo.always,
    requestIdExpirationPeriodMs: requestMsMax,
    cacheProvider: pendingRequests(isPending),
    disableRequestedAuthnContext: true,
    forceAuthn,
    identifierFormat: null,
    generateUniqueId: () => requestId,
  });
}

/** The library's view of the requests under way; they stand in our database, and are ended there. */
function pendingRequests(isPending: (requestId: string) => Promise<boolean>): CacheProvider {
  return {
    saveAsync: async () => null,
    getAsync: async (requestId) => ((await isPending(requestId)) ? new Date().toISOString() : null),
    removeAsync: async () => null,
  };
}
