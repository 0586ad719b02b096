/** Getting in through a provider that speaks SAML and posts its answers from another site. */
import { expect } from 'playwright/test';
import { samlTestProvider } from '#lib/auth/testing-saml.ts';
import { signedInState } from './sign-in.ts';
import { arrives, openWindow, person, press, somebody, test } from './sso.ts';

test('an admin adds a SAML provider, which is a button from then on', async ({ browser, companies }) => {
  await companies.admin('DELETE /api/providers/papers');
  const idp = samlTestProvider();
  const page = await openWindow(browser, { storageState: await signedInState(browser, 'admin') });
  await page.goto('/admin/sign-in');
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an identity provider' });
  await dialog.getByRole('combobox', { name: 'Protocol' }).click();
  await page.getByRole('option', { name: /SAML/ }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Papers');
  await dialog.getByRole('textbox', { name: 'Entity id of the provider' }).fill(idp.issuer);
  await dialog.getByRole('textbox', { name: 'Sign-in address' }).fill(idp.entryPoint);
  await dialog.getByRole('textbox', { name: 'Signing certificate' }).fill(idp.certificate);
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await expect(page.getByRole('list', { name: 'Identity providers' }).getByRole('listitem').filter({ hasText: idp.issuer })).toContainText('SAML');
  const door = await openWindow(browser);
  await door.goto('/sign-in');
  await expect(door.getByRole('button', { name: 'Continue with Papers' })).toBeVisible();
  await companies.admin('DELETE /api/providers/papers');
});

test('SAML signs a person in from another site, in the window that asked and on the page they wanted', async ({ browser, companies }) => {
  const nameId = somebody('sam');
  companies.papers.says = { nameId };
  const page = await openWindow(browser);
  await page.goto('/sign-in?from=/library');
  await press(page, 'sso-papers');
  await arrives(page, '/library');
  await expect(person(page, nameId)).toBeVisible();
});

test('an answer that was taken once is refused in words in every other window', async ({ browser, companies }) => {
  companies.papers.says = { nameId: somebody('victim') };
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-papers');
  await arrives(page, '/ask');
  const thief = await openWindow(browser);
  await thief.goto(companies.papers.replay);
  await expect(thief.getByText(/This sign-in could not be completed/)).toBeVisible();
  await thief.goto('/ask');
  await expect(thief).toHaveURL(/\/sign-in/);
});

test('an answer for another window is worth nothing in this one', async ({ browser, companies }) => {
  companies.papers.says = { nameId: somebody('attacker') };
  const attacker = await openWindow(browser);
  // It keeps its answer back: the form is stopped on its way to us.
  await attacker.route('**/acs', (route) => route.abort());
  await attacker.goto('/sign-in');
  const stopped = attacker.waitForRequest('**/acs');
  await press(attacker, 'sso-papers');
  await stopped;
  const victim = await openWindow(browser);
  await victim.goto(companies.papers.replay);
  await expect(victim.getByText(/This sign-in could not be completed/)).toBeVisible();
  await victim.goto('/ask');
  await expect(victim).toHaveURL(/\/sign-in/);
});

test('a sign-in that the provider starts by itself is refused in words', async ({ browser, companies }) => {
  companies.papers.says = { nameId: somebody('unasked') };
  const page = await openWindow(browser);
  await page.goto(companies.papers.unasked);
  await expect(page.getByText(/This sign-in could not be completed/)).toBeVisible();
  await page.goto('/ask');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('somebody whom the SAML provider does not let in is told so', async ({ browser, companies }) => {
  companies.papers.says = { nameId: somebody('refused'), status: 'Responder' };
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-papers');
  await expect(page.getByText('The identity provider did not sign you in.')).toBeVisible();
});

test('a name that changes with each sign-in is told, as nobody could be known again by it', async ({ browser, companies }) => {
  companies.papers.says = { nameId: somebody('passing'), nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' };
  const page = await openWindow(browser);
  await page.goto('/sign-in');
  await press(page, 'sso-papers');
  await expect(page.getByText('The identity provider named you in a way that changes with each sign-in.')).toBeVisible();
});
