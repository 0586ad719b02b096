/**
 * What a SAML response must look like before its signature is even looked at. Attacks on SAML live in documents that
 * are read one way by who verifies and another way by who uses them; so there is one response with one assertion in
 * one place, no comment, entity, CDATA or processing instruction, no id twice, and no algorithm but a few.
 */
import { SaxesParser, type SaxesTagNS } from 'saxes';

const charactersMax = 256 * 1024;
const elementsMax = 3000;
const depthMax = 30;

const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
const saml = 'urn:oasis:names:tc:SAML:2.0:assertion';
const signature = 'http://www.w3.org/2000/09/xmldsig#';

/** No SHA-1, and no HMAC, for which the certificate that everybody knows would be the key. */
const algorithms: Readonly<Record<string, readonly string[]>> = {
  SignatureMethod: [
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
    'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
  ],
  DigestMethod: ['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmldsig-more#sha384', 'http://www.w3.org/2001/04/xmlenc#sha512'],
  CanonicalizationMethod: ['http://www.w3.org/2001/10/xml-exc-c14n#'],
  Transform: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'],
};

/** Where each kind of element may stand, as the local names from the root; others of that name are refused. */
const places: Readonly<Record<string, readonly string[]>> = {
  Response: ['Response'],
  Assertion: ['Response/Assertion'],
  Signature: ['Response/Signature', 'Response/Assertion/Signature'],
  Subject: ['Response/Assertion/Subject'],
  NameID: ['Response/Assertion/Subject/NameID'],
  Conditions: ['Response/Assertion/Conditions'],
};
const namespaces: Readonly<Record<string, string>> = { Response: protocol, Assertion: saml, Signature: signature, Subject: saml, NameID: saml, Conditions: saml };

/** The provider said no, in its own words. */
export class SamlRefusal extends Error {
  override readonly name = 'SamlRefusal';
}

/** The XML of a response. Throws what is wrong with it, in words that hold nothing of it. `address` is ours, where it must have been sent. */
export function readSamlDocument(encoded: string, address: string): string {
  const xml = decode(encoded);
  if (/<!/.test(xml)) throw new Error('the response holds a document type, a comment or CDATA');
  if (/<\?/.test(xml.replace(/^\s*<\?xml [^<>?]*\?>/, ''))) throw new Error('the response holds a processing instruction');
  const seen = scan(xml);
  if (seen.counts['Response'] !== 1) throw new Error('this is not a response');
  if (seen.destination !== undefined && seen.destination !== address) throw new Error('the response was sent for another address');
  if (seen.status !== 'urn:oasis:names:tc:SAML:2.0:status:Success') throw new SamlRefusal('the provider did not sign anybody in');
  if (seen.counts['Assertion'] !== 1) throw new Error('there must be exactly one assertion');
  if ((seen.counts['Signature'] ?? 0) > 2) throw new Error('there are too many signatures');
  return xml;
}

function decode(encoded: string): string {
  const text = encoded.replace(/\s+/g, '');
  if (text.length > charactersMax) throw new Error('the response is too large');
  if (text === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) throw new Error('the response is not base64');
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'base64'));
}

interface Seen {
  counts: Record<string, number>;
  destination: string | undefined;
  status: string | undefined;
}

function scan(xml: string): Seen {
  const seen: Seen = { counts: {}, destination: undefined, status: undefined };
  const ids = new Set<string>();
  const path: string[] = [];
  let elements = 0;
  const parser = new SaxesParser({ xmlns: true, position: false });
  parser.on('error', (error) => {
    throw new Error('the response is not well-formed XML', { cause: error });
  });
  parser.on('opentag', (tag) => {
    path.push(tag.local);
    elements += 1;
    if (elements > elementsMax || path.length > depthMax) throw new Error('the response has too many elements');
    checkPlace(tag, path.join('/'));
    checkAlgorithm(tag);
    for (const id of idsOf(tag)) {
      if (ids.has(id)) throw new Error('an id stands twice in the response');
      ids.add(id);
    }
    seen.counts[tag.local] = (seen.counts[tag.local] ?? 0) + 1;
    if (path.length === 1) seen.destination = tag.attributes['Destination']?.value;
    if (path.join('/') === 'Response/Status/StatusCode') seen.status = tag.attributes['Value']?.value;
  });
  parser.on('closetag', () => void path.pop());
  parser.write(xml).close();
  return seen;
}

function checkPlace(tag: SaxesTagNS, place: string): void {
  const allowed = Object.hasOwn(places, tag.local) ? places[tag.local] : undefined;
  if (allowed !== undefined && (!allowed.includes(place) || tag.uri !== namespaces[tag.local])) throw new Error(`an element ${tag.local} stands where none may be`);
  if (tag.local === 'EncryptedAssertion' || tag.local === 'EncryptedID') throw new Error('encrypted assertions are not supported');
  if (tag.local === 'Object' || tag.local === 'Extensions') throw new Error(`an element ${tag.local} stands where none may be`);
}

function checkAlgorithm(tag: SaxesTagNS): void {
  const allowed = tag.uri === signature && Object.hasOwn(algorithms, tag.local) ? algorithms[tag.local] : undefined;
  if (allowed !== undefined && !allowed.includes(tag.attributes['Algorithm']?.value ?? '')) throw new Error('the response is signed in a way that is not taken');
}

function idsOf(tag: SaxesTagNS): string[] {
  return Object.values(tag.attributes).flatMap((attribute) => (/^id$/i.test(attribute.local) ? [attribute.value] : []));
}
