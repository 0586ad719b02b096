/** Signing in with more than one identity provider, and every way in which that ends. Each provider is a real one on this machine. */
import { createServer, type Server } from 'node:http';
import { expect, test, type Browser, type Page } from 'playwright/test';
import { encodeResponse, honestResponse, readRequest, samlTestProvider } from '#lib/auth/testing-saml.ts';
import { startTestProvider, type TestProvider } from '#lib/auth/testing-provider.ts';
import { signIn } from './sign-in.ts';

let provider: TestProvider;
test.beforeAll(async ({ baseURL }) => {
  provider = await startTestProvider({ appUrl: baseURL ?? '', id: 'second' });
});
test.afterAll(() => provider.stop());

const providers = (page: Page) => page.getByRole('list', { name: 'Identity providers' }).getByRole('listitem');

/** A port at which nothing answers. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Adds the second provider as an admin does, unless it is there. */
async function addSecond(page: Page): Promise<void> {
  await signIn(page, 'admin');
  await page.goto('/admin/sign-in');
  const list = page.getByRole('list', { name: 'Identity providers' });
  await expect(list.getByText('the demo company')).toBeVisible();
  if ((await list.getByText(provider.issuer).count()) > 0) return;
  // A test that failed has ended its provider; the next one brings another.
  await page.request.delete('/api/providers/second', { headers: { origin: new URL(page.url()).origin } });
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an identity provider' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Second company');
  await expect(dialog.getByRole('textbox', { name: 'Id', exact: true })).toHaveValue('second-company');
  await dialog.getByRole('textbox', { name: 'Id', exact: true }).fill('second');
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill(`http://127.0.0.1:${await closedPort()}`);
  await dialog.getByRole('textbox', { name: 'Client id' }).fill(provider.clientId);
  await dialog.getByLabel('Client secret').fill(provider.clientSecret);
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status', { name: 'Test of Second company' })).toContainText('cannot be reached: nothing answers there');
  await dialog.getByRole('textbox', { name: 'Issuer' }).fill(provider.issuer);
  await dialog.getByRole('button', { name: 'Test' }).click();
  await expect(dialog.getByRole('status', { name: 'Test of Second company' })).toContainText(`calls itself ${provider.issuer}`);
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await expect(list.getByText('Second company')).toBeVisible();
  await expect(page.getByText(provider.clientSecret)).toHaveCount(0);
}

/** A window of its own in which somebody has signed in with the second provider. */
async function enterBySecond(browser: Browser, account: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  provider.account = account;
  await page.goto('/sign-in?from=/ask');
  await page.getByRole('button', { name: 'Continue with Second company' }).click();
  // The pathname: the sign-in page's own address ends in /ask as well.
  await page.waitForURL(({ pathname }) => pathname === '/ask');
  return page;
}

test('an admin adds a provider and people sign in with either', async ({ page, browser }) => {
  await addSecond(page);
  const other = await enterBySecond(browser, 'paula-second');
  await expect(other.getByRole('button', { name: /paula-second/ }).first()).toBeVisible();
  await page.reload();
  await expect(providers(page).filter({ hasText: 'Second company' })).toContainText('1 person signs in with it');
  await other.context().close();
});

test('signing out leads through the provider and ends both sign-ins', async ({ page, browser }) => {
  await addSecond(page);
  const other = await enterBySecond(browser, 'signs-out');
  await other.getByRole('button', { name: /signs-out/ }).first().click();
  await other.getByRole('button', { name: 'Sign out' }).click();
  await other.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(other.getByRole('status').getByText('You are signed out.')).toBeVisible();
  await other.goto('/ask');
  await expect(other).toHaveURL(/\/sign-in/);
  await other.context().close();
});

test('signing out at the provider signs out here', async ({ page, browser }) => {
  await addSecond(page);
  const other = await enterBySecond(browser, 'leaves-there');
  const there = await other.context().newPage();
  await there.goto(`${provider.issuer}/session/end`);
  await there.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(async () => {
    await other.goto('/ask');
    await expect(other).toHaveURL(/\/sign-in/, { timeout: 500 });
  }).toPass({ timeout: 5000 });
  await other.context().close();
});

test('a person sees where they are signed in and ends another session; its window offers to sign in again', async ({ page, browser }) => {
  await signIn(page, 'employee');
  const context = await browser.newContext({ userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1' });
  const phone = await context.newPage();
  await signIn(phone, 'employee');
  await page.goto('/sessions');
  await expect(page.getByRole('list', { name: 'Your sessions' }).getByRole('listitem').filter({ hasText: 'This browser' })).toContainText('Chrome on');
  await page.getByRole('button', { name: 'End the session in Safari on iPhone' }).first().click();
  await expect(page.getByText('Session ended')).toBeVisible();
  await phone.getByRole('textbox', { name: /question/i }).fill('How many weeks of parental leave?');
  await phone.keyboard.press('Enter');
  await expect(phone.getByRole('dialog', { name: 'Your sign-in has ended' })).toBeVisible();
  await context.close();
});

test('an admin sees who is signed in and signs somebody out everywhere', async ({ page, browser }) => {
  await addSecond(page);
  const windows = [await enterBySecond(browser, 'everywhere'), await enterBySecond(browser, 'everywhere')];
  await page.goto('/admin/sessions');
  await page.getByRole('searchbox', { name: 'Find a member' }).or(page.getByRole('textbox', { name: 'Find a member' })).fill('everywhere');
  await page.getByRole('button', { name: 'End all 2 sessions of everywhere' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'End all sessions' }).click();
  await expect(page.getByText('everywhere is signed out everywhere')).toBeVisible();
  for (const window of windows) {
    await window.goto('/library');
    await expect(window).toHaveURL(/\/sign-in/);
    await window.context().close();
  }
});

test('SAML signs a person in from another site, in the window that asked', async ({ page, browser, baseURL }) => {
  const idp = samlTestProvider();
  let nameId = `saml-${Date.now()}`;
  // On localhost, which is another site than 127.0.0.1: the browser sends none of our cookies with its form.
  const server: Server = createServer((request, response) => {
    if (!request.url?.startsWith('/sso')) return void response.writeHead(404).end();
    const { id } = readRequest(new URL(request.url, 'http://localhost').href);
    const acs = `${baseURL ?? ''}/api/auth/saml/papers/acs`;
    const xml = honestResponse(idp, { requestId: id, acs, audience: baseURL ?? '', nameId, attributes: { email: `${nameId}@halden.example`, name: 'Sam Papers' } });
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<form method="post" action="${acs}"><input type="hidden" name="SAMLResponse" value="${encodeResponse(xml)}"><button>Send</button></form>`);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  const entryPoint = `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}/sso`;
  await signIn(page, 'admin');
  await page.goto('/admin/sign-in');
  await page.getByRole('button', { name: 'Add provider' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add an identity provider' });
  await dialog.getByRole('combobox', { name: 'Protocol' }).click();
  await page.getByRole('option', { name: /SAML/ }).click();
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Papers');
  await dialog.getByRole('textbox', { name: 'Entity id of the provider' }).fill(idp.issuer);
  await dialog.getByRole('textbox', { name: 'Sign-in address' }).fill(entryPoint);
  await dialog.getByRole('textbox', { name: 'Signing certificate' }).fill(idp.certificate);
  await dialog.getByRole('button', { name: 'Add provider' }).click();
  await expect(providers(page).filter({ hasText: 'Papers' })).toContainText('SAML');
  const window = await (await browser.newContext()).newPage();
  await window.goto('/sign-in?from=/library');
  await window.getByRole('button', { name: 'Continue with Papers' }).click();
  await window.getByRole('button', { name: 'Send' }).click();
  await expect(window).toHaveURL(/\/library$/);
  await expect(window.getByRole('button', { name: /Sam Papers/ }).first()).toBeVisible();
  nameId = 'somebody-else';
  await window.context().close();
  await page.getByRole('button', { name: 'Change Papers' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove provider' }).click();
  await expect(page.getByRole('list', { name: 'Identity providers' }).getByText('Papers')).toHaveCount(0);
  server.close();
});

test('a provider that is switched off signs its people out, and one that is removed leaves the sign-in page', async ({ page, browser }) => {
  await addSecond(page);
  const other = await enterBySecond(browser, 'switched-off');
  await page.getByRole('button', { name: 'Change Second company' }).click();
  await page.getByRole('menuitem', { name: 'Switch off' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Switch off' }).click();
  await expect(providers(page).filter({ hasText: 'Second company' }).getByText('off', { exact: true })).toBeVisible();
  await other.goto('/ask');
  await expect(other).toHaveURL(/\/sign-in/);
  await expect(other.getByRole('button', { name: /Second company/ })).toHaveCount(0);
  await page.getByRole('button', { name: 'Change Second company' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove provider' }).click();
  await expect(page.getByRole('list', { name: 'Identity providers' }).getByText('Second company')).toHaveCount(0);
  await other.context().close();
});
