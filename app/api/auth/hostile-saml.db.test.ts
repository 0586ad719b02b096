/** SAML 2.0 against responses that are really signed, and against every known way of bending them. Nobody gets in, nothing is written. */
import assert from 'node:assert/strict';
import { createSecretKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { signInActor } from '#lib/actor.ts';
import { startSignIn, testBrowser, type TestBrowser } from '#lib/auth/testing.ts';
import { encodeResponse, honestResponse, makeCertificate, names, readRequest, samlTestProvider, signXml, writeAssertion, writeResponse, type Saying } from '#lib/auth/testing-saml.ts';
import { openTestDatabase, type TestDatabase } from '#lib/db/testing.ts';
import { transaction } from '#lib/db/transaction.ts';
import { useEnv } from '#lib/env.ts';
import { addAuditor, app, countWritten, newAppUrl, records, secret, whoIs } from './testing.ts';

const appUrl = newAppUrl();
const acs = `${appUrl}/api/auth/saml/idp/acs`;
const provider = samlTestProvider();
const other = samlTestProvider();
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });
const attacker = { nameId: 'attacker', attributes: { email: 'attacker@halden.example' } };

let database: TestDatabase;
let browser: TestBrowser;
let says: Saying;

before(async () => {
  database = await openTestDatabase();
  const entry = (id: string, idp: typeof provider) => ({ id, kind: 'saml', name: id, issuer: idp.issuer, entryPoint: idp.entryPoint, certificate: idp.certificate, audience: 'attest-test' });
  useEnv({ ATTEST_URL: appUrl, AUTH_SECRET: secret, NODE_ENV: 'test', LOG_LEVEL: 'silent', OIDC_PROVIDERS: JSON.stringify([entry('idp', provider), entry('other', other)]) });
  await addAuditor();
});
after(() => database.stop());
beforeEach(async () => {
  browser = testBrowser(appUrl, app);
  const person = `person-${randomUUID()}`;
  says = { requestId: await begin('idp'), acs, audience: 'attest-test', nameId: person, attributes: { email: `${person}@halden.example`, name: 'A Person', groups: ['Sales', 'Board'] } };
});

/** The id of a new request for this browser. */
async function begin(id: string, by = browser): Promise<string> {
  return readRequest(await startSignIn(by, appUrl, { provider: id, callbackUrl: '/library' })).id;
}

/** Posts a response as the provider's page has the browser post it: without our cookies. */
function post(encoded: string, id = 'idp'): Promise<Response> {
  return app(new Request(`${appUrl}/api/auth/saml/${id}/acs`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://idp.example', 'sec-fetch-site': 'cross-site' }, body: new URLSearchParams({ SAMLResponse: encoded, RelayState: 'https://evil.example/' }).toString() }));
}

async function deliver(xml: string, id = 'idp'): Promise<{ posted: string; finished: string; response: Response }> {
  const response = await post(encodeResponse(xml), id);
  const posted = response.headers.get('location') ?? String(response.status);
  const finished = (await browser.send(`/api/auth/saml/${id}/finish`)).headers.get('location') ?? '';
  return { posted, finished, response };
}

async function assertRefused(xml: string, id = 'idp'): Promise<void> {
  const written = await countWritten();
  const { posted, finished, response } = await deliver(xml, id);
  assert.match(posted, /^\/sign-in\?error=/);
  assert.equal(response.headers.getSetCookie().length, 0);
  assert.match(finished, /^\/sign-in\?error=/);
  assert.equal(await whoIs(browser, appUrl), null);
  assert.deepEqual(await countWritten(), written);
}

test('an honest response signs its person in, in their groups, and leads to the page they came from', async () => {
  await transaction(signInActor, (tx) => tx.insertInto('groups').values({ id: randomUUID(), name: 'Board' }).execute());
  const { posted, finished } = await deliver(honestResponse(provider, says));
  assert.equal(posted, '/api/auth/saml/idp/finish');
  assert.equal(finished, '/library');
  const actor = await whoIs(browser, appUrl);
  assert.deepEqual([actor?.email, actor?.name], [`${says.nameId}@halden.example`, 'A Person']);
  const groups = await transaction(signInActor, (tx) => tx.selectFrom('memberships').innerJoin('groups', 'groups.id', 'memberships.group_id').select('name').where('member_id', '=', actor?.id ?? '').execute());
  assert.deepEqual(groups.map((row) => row.name), ['Board']);
  assert.equal((await records()).at(-1)?.event, 'session.started');
});

test('the same person comes back as the same member, also when response and assertion are both signed', async () => {
  await deliver(honestResponse(provider, says));
  const first = await whoIs(browser, appUrl);
  const again = { ...says, requestId: await begin('idp') };
  const both = signXml(provider, signXml(provider, writeResponse(provider, again, writeAssertion(provider, again))), { of: 'Response' });
  assert.equal((await deliver(both)).finished, '/library');
  assert.equal((await whoIs(browser, appUrl))?.id, first?.id);
});

test('names and addresses are found under what Entra, Okta and ADFS call them, and NameID where it is an address', async () => {
  const given = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';
  const entra = { ...says, attributes: { [`${given}emailaddress`]: `${says.nameId}@entra.example`, 'http://schemas.microsoft.com/identity/claims/displayname': 'From Entra' } };
  await deliver(honestResponse(provider, entra));
  assert.deepEqual([(await whoIs(browser, appUrl))?.email, (await whoIs(browser, appUrl))?.name], [`${says.nameId}@entra.example`, 'From Entra']);
  const byName = { ...says, requestId: await begin('idp'), nameId: `${randomUUID()}@okta.example`, nameIdFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress', attributes: {} };
  await deliver(honestResponse(provider, byName));
  assert.equal((await whoIs(browser, appUrl))?.email, byName.nameId);
});

test('our metadata says where responses go and that assertions must be signed', async () => {
  const response = await browser.send('/api/auth/saml/idp/metadata');
  assert.equal(response.headers.get('content-type'), 'application/xml; charset=utf-8');
  const xml = await response.text();
  assert.match(xml, /entityID="attest-test"/);
  assert.ok(xml.includes(acs) && xml.includes('WantAssertionsSigned="true"'));
  assert.equal((await browser.send('/api/auth/saml/nobody/metadata')).status, 404);
});

test('the request names us, our address and nothing of the person', async () => {
  const { xml } = readRequest(await startSignIn(browser, appUrl, { provider: 'idp' }));
  assert.ok(xml.includes(acs) && xml.includes('attest-test'));
});

const evil = () => writeAssertion(provider, { ...says, ...attacker });
const assertionIn = (xml: string) => /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? '';
const signatureIn = (xml: string) => /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(xml)?.[0] ?? '';
/** The honest response with its assertion put somewhere else. */
function rearranged(place: (parts: { signed: string; signature: string; unsigned: string; evil: string }) => string): string {
  const honest = honestResponse(provider, says);
  const signed = assertionIn(honest);
  const signature = signatureIn(signed);
  return honest.replace(signed, () => place({ signed, signature, unsigned: signed.replace(signature, ''), evil: evil() }));
}
const responseSigned = () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { of: 'Response' });
const opening = (xml: string) => /^<samlp:Response[^>]*>/.exec(xml)?.[0] ?? '';
/** A response by the attacker with the honest one, which is signed, hidden inside. */
function wrapped(place: (signature: string, original: string) => string): string {
  const honest = responseSigned();
  const signature = signatureIn(honest);
  const original = honest.replace(signature, '');
  const forged = opening(honest).replace(/ID="[^"]+"/, `ID="_${randomUUID()}"`);
  return `${forged}${place(signature, original)}<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${evil()}</samlp:Response>`;
}
const insideEvil = (content: string) => evil().replace('<saml:Subject>', () => `${content}<saml:Subject>`);

const attacks: Readonly<Record<string, () => string>> = {
  'signature wrapping 1: the signed response inside the signature of a forged one': () => wrapped((signature, original) => signature.replace('</ds:Signature>', () => `<ds:Object>${original}</ds:Object></ds:Signature>`)),
  'signature wrapping 2: the signed response beside its signature in a forged one': () => wrapped((signature, original) => `${original}${signature}`),
  'signature wrapping 3: a forged assertion before the signed one': () => rearranged(({ signed, evil: forged }) => forged + signed),
  'signature wrapping 3, the other way round: a forged assertion after the signed one': () => rearranged(({ signed, evil: forged }) => signed + forged),
  'signature wrapping 4: the signed assertion inside a forged one': () => rearranged(({ signed }) => insideEvil(signed)),
  'signature wrapping 5: the signature in a forged assertion, the signed one at the end': () => rearranged(({ signature, unsigned }) => insideEvil(signature) + unsigned),
  'signature wrapping 6: the signed assertion inside the signature of a forged one': () => rearranged(({ signature, unsigned }) => insideEvil(signature.replace('</ds:Signature>', () => `${unsigned}</ds:Signature>`))),
  'signature wrapping 7: a forged assertion among extensions': () => rearranged(({ signed, evil: forged }) => `<samlp:Extensions>${forged}</samlp:Extensions>${signed}`),
  'signature wrapping 8: the signed assertion as an object of the signature of a forged one': () => rearranged(({ signature, unsigned }) => insideEvil(signature.replace('</ds:Signature>', () => `<ds:Object>${unsigned}</ds:Object></ds:Signature>`))),
  'a forged assertion with the id of the signed one': () => rearranged(({ signed, evil: forged }) => forged.replace(/ID="[^"]+"/, /ID="[^"]+"/.exec(signed)?.[0] ?? '') + signed),
  'a forged assertion in a namespace that looks the same': () => rearranged(({ signed, evil: forged }) => forged.replace(names.assertion, `${names.assertion} `) + signed),
  'a comment inside the name of the person': () => honestResponse(provider, { ...says, nameId: 'admin@halden.example<!---->.evil.example' }),
  'a comment put into the signed name': () => honestResponse(provider, says).replace(says.nameId ?? '', `${says.nameId?.slice(0, 8) ?? ''}<!-- -->${says.nameId?.slice(8) ?? ''}`),
  'a processing instruction inside the name': () => honestResponse(provider, { ...says, nameId: 'admin<?x y?>istrator' }),
  'CDATA inside the name': () => honestResponse(provider, { ...says, nameId: '<![CDATA[admin]]>' }),
  'a document type with an entity of a file (XXE)': () => `<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>${honestResponse(provider, says)}`,
  'a document type with an entity from the network': () => `<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">${honestResponse(provider, says)}`,
  'entities that grow without end': () => `<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>${honestResponse(provider, { ...says, nameId: '&c;' })}`,
  'a stylesheet': () => `<?xml-stylesheet href="http://127.0.0.1:9/x"?>${honestResponse(provider, says)}`,
  'no signature': () => writeResponse(provider, says, writeAssertion(provider, says)),
  'a signature on the response alone': responseSigned,
  'a signature on a part of the assertion alone': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { of: 'AttributeStatement' }),
  'a signature by another key': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { key: stranger.privateKey }),
  'a signature by another key, with its certificate': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { key: stranger.privateKey, keyInfo: makeCertificate(stranger.privateKey, stranger.publicKey) }),
  'a signature by another provider': () => honestResponse({ ...other, issuer: provider.issuer }, says),
  'a signature by SHA-1': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
  'a digest by SHA-1': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }),
  'a signature whose key is our copy of the certificate (HMAC)': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1', key: createSecretKey(Buffer.from(provider.certificate)) }),
  'a canonicalization that keeps comments': () => signXml(provider, writeResponse(provider, says, writeAssertion(provider, says)), { transforms: [names.enveloped, 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments'] }),
  'a name changed after signing': () => honestResponse(provider, says).replace(`>${says.nameId ?? ''}<`, '>attacker<'),
  'an address changed after signing': () => honestResponse(provider, says).replace(`${says.nameId ?? ''}@halden.example`, 'attacker@halden.example'),
  'an attribute added after signing': () => honestResponse(provider, says).replace('<saml:AttributeValue>Sales', '<saml:AttributeValue>Admins</saml:AttributeValue><saml:AttributeValue>Sales'),
  'an empty signature': () => honestResponse(provider, says).replace(/<ds:SignatureValue>[^<]+/, '<ds:SignatureValue>'),
  'two signatures in one assertion': () => rearranged(({ signed, signature }) => signed.replace(signature, () => signature + signature)),
  'another audience': () => honestResponse(provider, { ...says, audience: 'somebody-else' }),
  'no audience': () => honestResponse(provider, { ...says, audience: undefined }),
  'another recipient': () => honestResponse(provider, { ...says, recipient: 'https://evil.example/acs' }),
  'the recipient of the other provider': () => honestResponse(provider, { ...says, recipient: `${appUrl}/api/auth/saml/other/acs` }),
  'another destination': () => honestResponse(provider, { ...says, destination: 'https://evil.example/acs' }),
  'an answer to a request that nobody made': () => honestResponse(provider, { ...says, requestId: `_${randomUUID()}` }),
  'an answer to no request': () => honestResponse(provider, { ...says, requestId: undefined }),
  'an answer whose envelope names our request and whose assertion another': () => honestResponse(provider, { ...says, requestId: `_${randomUUID()}` }).replace(/(<samlp:Response[^>]*InResponseTo=")[^"]+/, `$1${says.requestId ?? ''}`),
  'another issuer': () => honestResponse(provider, { ...says, issuer: 'https://idp.example/other' }),
  'an assertion that has expired': () => honestResponse(provider, { ...says, issuedMinutes: -30, notBeforeMinutes: -30, notOnOrAfterMinutes: -20 }),
  'an assertion that is not valid yet': () => honestResponse(provider, { ...says, notBeforeMinutes: 10, notOnOrAfterMinutes: 20 }),
  'an assertion made in the future': () => honestResponse(provider, { ...says, issuedMinutes: 30 }),
  'an assertion made an hour ago and good for a day': () => honestResponse(provider, { ...says, issuedMinutes: -60, notBeforeMinutes: -60, notOnOrAfterMinutes: 1440 }),
  'an assertion for whoever holds a key': () => honestResponse(provider, { ...says, method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' }),
  'nobody': () => honestResponse(provider, { ...says, nameId: '' }),
  'a name for one sign-in only': () => honestResponse(provider, { ...says, nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' }),
  'a refusal': () => honestResponse(provider, { ...says, status: 'Responder' }),
  'an encrypted assertion': () => writeResponse(provider, says, `<saml:EncryptedAssertion xmlns:saml="${names.assertion}"/>`),
  'a logout response': () => `<samlp:LogoutResponse xmlns:samlp="${names.protocol}"/>`,
  'half a document': () => honestResponse(provider, says).slice(0, -40),
  'ten thousand elements': () => writeResponse(provider, says, '<x/>'.repeat(10_000)),
  'a thousand levels': () => writeResponse(provider, says, '<x>'.repeat(1000) + '</x>'.repeat(1000)),
  'nothing': () => '',
};
for (const [what, make] of Object.entries(attacks)) test(`SAML: ${what} signs nobody in`, () => assertRefused(make()));

test('SAML: what is not base64, not UTF-8 or larger than 256 KiB signs nobody in', async () => {
  const honest = honestResponse(provider, says);
  const tries = ['<xml/>', `${encodeResponse(honest)}!`, Buffer.from(`\ufeff${honest}`, 'utf16le').toString('base64'), encodeResponse(' '.repeat(300_000) + honest), Buffer.from([0xff, 0xfe, 0x3c]).toString('base64')];
  for (const encoded of tries) assert.equal((await post(encoded)).headers.get('location'), '/sign-in?error=response-invalid');
  assert.equal((await post('x'.repeat(600_000))).status, 413);
  assert.equal((await browser.send('/api/auth/saml/idp/finish')).headers.get('location'), '/sign-in?error=response-invalid');
});

test('SAML: a response is good for one time, and the same assertion for no second request', async () => {
  const honest = honestResponse(provider, { ...says, assertionId: '_the-same' });
  assert.equal((await deliver(honest)).finished, '/library');
  await assertRefusedAgain(honest);
  const again = { ...says, requestId: await begin('idp'), assertionId: '_the-same' };
  await assertRefusedAgain(honestResponse(provider, again));
});

async function assertRefusedAgain(xml: string): Promise<void> {
  const written = await countWritten();
  const { posted, finished } = await deliver(xml);
  assert.equal(posted, '/sign-in?error=response-invalid');
  assert.match(finished, /error=response-invalid/);
  assert.deepEqual(await countWritten(), written);
}

test('SAML: five posts of one response at once are taken once', async () => {
  const encoded = encodeResponse(honestResponse(provider, says));
  const answers = await Promise.all(Array.from({ length: 5 }, () => post(encoded)));
  assert.deepEqual(answers.map((response) => response.headers.get('location')).sort(), ['/api/auth/saml/idp/finish', ...Array.from({ length: 4 }, () => '/sign-in?error=response-invalid')]);
});

test('SAML: a response that an attacker asked for signs in nobody in another browser', async () => {
  const theirs = testBrowser(appUrl, app);
  const stolen = { ...says, requestId: await begin('idp', theirs) };
  assert.equal((await post(encodeResponse(honestResponse(provider, stolen)))).headers.get('location'), '/api/auth/saml/idp/finish');
  const written = await countWritten();
  assert.match((await browser.send('/api/auth/saml/idp/finish')).headers.get('location') ?? '', /error=/);
  assert.match((await testBrowser(appUrl, app).send('/api/auth/saml/idp/finish')).headers.get('location') ?? '', /error=/);
  assert.deepEqual(await countWritten(), written);
});

test('SAML: an answer to one provider is worth nothing at another', async () => {
  await assertRefused(honestResponse(provider, { ...says, recipient: `${appUrl}/api/auth/saml/other/acs`, destination: `${appUrl}/api/auth/saml/other/acs` }), 'other');
  const theirs = { ...says, requestId: says.requestId, acs: `${appUrl}/api/auth/saml/other/acs` };
  await assertRefused(honestResponse(other, theirs), 'other');
  assert.equal((await browser.send('/api/auth/callback/idp?code=x')).status, 404);
});

test('SAML: an address that another member uses, and one that nobody vouches for, lead to nobody', async () => {
  await transaction(signInActor, (tx) => tx.insertInto('members').values({ id: randomUUID(), email: `${says.nameId ?? ''}@halden.example`, name: 'Written in advance', role: 'admin' }).execute());
  const written = await countWritten();
  const { posted, finished } = await deliver(honestResponse(provider, says));
  assert.equal(posted, '/api/auth/saml/idp/finish');
  assert.equal(finished, '/sign-in?error=email-taken');
  assert.deepEqual(await countWritten(), written);
});

test('SAML: refusals are on record with their reason and nothing of the response', async () => {
  const told = (await records()).filter((record) => record.event === 'session.refused');
  assert.ok(told.length >= 10);
  assert.ok(told.every((record) => record.details['provider'] === 'idp' || record.details['provider'] === 'other' || record.details['further'] !== undefined));
  assert.doesNotMatch(JSON.stringify(told.map((record) => record.details)), /halden\.example|attacker|<|_[0-9a-f-]{30}/);
});
