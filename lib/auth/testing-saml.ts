/** A SAML 2.0 identity provider for tests: a real key, a certificate that it makes itself, and responses that it really signs. */
import { createSign, generateKeyPairSync, randomBytes, randomUUID, type KeyObject } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { SignedXml } from 'xml-crypto';

export const names = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  sha256: 'http://www.w3.org/2001/04/xmlenc#sha256',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
} as const;

export interface SamlTestProvider {
  issuer: string;
  entryPoint: string;
  certificate: string;
  privateKey: KeyObject;
}

export function samlTestProvider(): SamlTestProvider {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { issuer: `https://idp.example/${randomUUID()}`, entryPoint: 'https://idp.example/sso', certificate: makeCertificate(privateKey, publicKey), privateKey };
}

/** What a response says. */
export interface Saying {
  requestId: string | undefined;
  acs: string;
  destination?: string;
  recipient?: string | undefined;
  audience?: string | undefined;
  issuer?: string;
  nameId?: string;
  nameIdFormat?: string;
  method?: string;
  status?: string;
  attributes?: Record<string, string | string[]>;
  /** Minutes from now. */
  issuedMinutes?: number;
  /** When the person proved who they are; unset: when it was issued. */
  authnMinutes?: number;
  notBeforeMinutes?: number;
  notOnOrAfterMinutes?: number;
  assertionId?: string;
}

const instant = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
const attribute = (name: string, value: string | undefined): string => (value === undefined ? '' : ` ${name}="${value}"`);

/** An assertion, not signed. */
export function writeAssertion(provider: SamlTestProvider, says: Saying): string {
  const { requestId, acs, recipient = acs, audience, issuer = provider.issuer, nameId = 'person', nameIdFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' } = says;
  const { issuedMinutes = 0, authnMinutes = issuedMinutes, notBeforeMinutes = -1, notOnOrAfterMinutes = 5, assertionId = `_${randomUUID()}`, method = 'urn:oasis:names:tc:SAML:2.0:cm:bearer' } = says;
  const attributes = Object.entries(says.attributes ?? {}).map(([name, values]) => `<saml:Attribute Name="${name}">${[values].flat().map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`);
  return [
    `<saml:Assertion xmlns:saml="${names.assertion}" ID="${assertionId}" Version="2.0" IssueInstant="${instant(issuedMinutes)}"><saml:Issuer>${issuer}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${nameIdFormat}">${nameId}</saml:NameID><saml:SubjectConfirmation Method="${method}">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${instant(notOnOrAfterMinutes)}"${attribute('Recipient', recipient)}${attribute('InResponseTo', requestId)}/></saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${instant(notBeforeMinutes)}" NotOnOrAfter="${instant(notOnOrAfterMinutes)}">${audience === undefined ? '' : `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`}</saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${instant(authnMinutes)}" SessionIndex="_session"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    attributes.length === 0 ? '' : `<saml:AttributeStatement>${attributes.join('')}</saml:AttributeStatement>`,
    '</saml:Assertion>',
  ].join('');
}

/** A response around whatever is put in it. */
export function writeResponse(provider: SamlTestProvider, says: Saying, content: string): string {
  const { requestId, acs, destination = acs, issuer = provider.issuer, status = 'Success' } = says;
  return [
    `<samlp:Response xmlns:samlp="${names.protocol}" ID="_${randomUUID()}" Version="2.0" IssueInstant="${instant(0)}" Destination="${destination}"${attribute('InResponseTo', requestId)}>`,
    `<saml:Issuer xmlns:saml="${names.assertion}">${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:${status}"/></samlp:Status>`,
    content,
    '</samlp:Response>',
  ].join('');
}

interface Signing {
  of?: 'Assertion' | 'Response' | 'AttributeStatement';
  key?: KeyObject;
  signatureAlgorithm?: string;
  digestAlgorithm?: string;
  transforms?: string[];
  /** Certificate that the signature itself brings along. */
  keyInfo?: string;
}

/** The document with one of its elements signed. */
export function signXml(provider: SamlTestProvider, xml: string, signing: Signing = {}): string {
  const { of = 'Assertion', key = provider.privateKey, signatureAlgorithm = names.rsaSha256, digestAlgorithm = names.sha256, transforms = [names.enveloped, names.exclusive], keyInfo } = signing;
  const signature = new SignedXml({
    privateKey: key.type === 'secret' ? key.export() : key.export({ type: 'pkcs8', format: 'pem' }), signatureAlgorithm, canonicalizationAlgorithm: names.exclusive,
    ...(keyInfo === undefined ? {} : { publicCert: keyInfo, getKeyInfoContent: SignedXml.getKeyInfoContent.bind(SignedXml) }),
  });
  if (signatureAlgorithm.includes('hmac')) signature.enableHMAC();
  const xpath = `//*[local-name(.)='${of}']`;
  signature.addReference({ xpath, transforms, digestAlgorithm });
  const place = of === 'AttributeStatement' ? { reference: "//*[local-name(.)='Assertion']/*[local-name(.)='Issuer']", action: 'after' as const } : { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' as const };
  signature.computeSignature(xml, { location: place, prefix: 'ds' });
  return signature.getSignedXml();
}

/** An honest, signed response. */
export function honestResponse(provider: SamlTestProvider, says: Saying): string {
  return signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)));
}

export function encodeResponse(xml: string): string {
  return Buffer.from(xml).toString('base64');
}

/** The request that the address which a sign-in leads to carries. */
export function readRequest(address: string): { id: string; xml: string } {
  const xml = inflateRawSync(Buffer.from(new URL(address).searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
  return { id: /\sID="([^"]+)"/.exec(xml)?.[1] ?? '', xml };
}

// A certificate, written by hand: Node reads them and makes none.

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const bytes: number[] = [];
  for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  const length = content.length < 128 ? Buffer.of(content.length) : Buffer.of(0x80 | bytes.length, ...bytes);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

export function makeCertificate(privateKey: KeyObject, publicKey: KeyObject, { from = '20200101000000Z', to = '20991231235959Z' } = {}): string {
  const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
  const sha256WithRsa = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
  const name = sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('Test provider')))));
  const validity = sequence(der(0x18, Buffer.from(from)), der(0x18, Buffer.from(to)));
  const serial = der(0x02, Buffer.concat([Buffer.of(1), randomBytes(8)]));
  const body = sequence(der(0xa0, der(0x02, Buffer.of(2))), serial, sha256WithRsa, name, validity, name, publicKey.export({ type: 'spki', format: 'der' }));
  const signature = createSign('RSA-SHA256').update(body).sign(privateKey);
  const text = sequence(body, sha256WithRsa, der(0x03, Buffer.of(0), signature)).toString('base64').match(/.{1,64}/g)?.join('\n') ?? '';
  return `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----`;
}
