/** Every page of the product, for the tests and pictures that look at all of them. */
import type { Page } from 'playwright/test';
import { z } from 'zod';
import { enter } from './sign-in.ts';

export type PageRole = 'employee' | 'admin' | 'compliance';

export interface PageToVisit {
  name: string;
  role: PageRole | null;
  /** Opens the page and resolves when it shows what it is for. */
  open: (page: Page) => Promise<void>;
}

const idsSchema = z.object({ items: z.array(z.object({ id: z.string(), name: z.string().optional(), format: z.string().optional() })) });

async function idOf(page: Page, path: string, choose: (item: { name?: string | undefined; format?: string | undefined }) => boolean): Promise<string> {
  const { items } = idsSchema.parse(await (await page.request.get(path)).json());
  const found = items.find(choose) ?? items[0];
  if (found === undefined) throw new Error(`${path} lists nothing`);
  return found.id;
}

const handbook = (page: Page) => idOf(page, '/api/collections', (item) => item.name === 'Company handbook');

/** Asks a question on the page as it is and waits until it is answered. */
export async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole('textbox', { name: /question/i }).fill(question);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /how was this answered/i }).last().waitFor({ timeout: 60_000 });
}

/** A PDF's page is drawn after its bytes have come; of other documents a passage is marked. */
async function sourceShown(page: Page): Promise<void> {
  await page.locator('[data-pdf-page][data-drawn="true"], mark').first().waitFor({ timeout: 30_000 });
}

/** The number of the newest record of an answer; undefined where nobody was answered yet. */
async function lastAnswer(page: Page): Promise<number | undefined> {
  const answer = await page.request.get('/api/audit/records?event=question.answered&limit=1');
  return z.object({ items: z.array(z.object({ seq: z.number() })) }).parse(await answer.json()).items[0]?.seq;
}

/** In a window of its own, so that `page` stays signed in as it is. */
async function askAsEmployee(page: Page): Promise<void> {
  const context = await page.context().browser()?.newContext({ baseURL: new URL(page.url()).origin });
  if (context === undefined) throw new Error('This page has no browser to open another window in.');
  const asking = await context.newPage();
  await enter(asking, 'employee');
  await ask(asking, 'How many weeks of parental leave does the primary carer get?');
  await context.close();
}

export const pages: PageToVisit[] = [
  { name: 'sign-in', role: null, open: async (page) => { await page.goto('/sign-in'); } },
  { name: 'ask', role: 'employee', open: async (page) => { await page.goto('/ask'); await page.getByText(/You can ask about/).waitFor(); } },
  {
    name: 'answer',
    role: 'employee',
    open: async (page) => {
      await page.goto('/ask');
      await ask(page, 'How many weeks of parental leave does the primary carer get?');
    },
  },
  {
    name: 'evidence',
    role: 'employee',
    open: async (page) => {
      await page.goto('/ask');
      await ask(page, 'How many weeks of parental leave does the primary carer get?');
      await page.getByRole('article').last().getByRole('button', { name: /passage|^1$/i }).first().click();
      await page.getByRole('region', { name: /evidence/i }).or(page.getByRole('dialog', { name: /evidence/i })).first().waitFor();
      await sourceShown(page);
    },
  },
  {
    name: 'method',
    role: 'employee',
    open: async (page) => {
      await page.goto('/ask');
      await ask(page, 'How many weeks of parental leave does the primary carer get?');
      await page.getByRole('button', { name: /how was this answered/i }).last().click();
      await page.getByRole('region', { name: 'How this was answered' }).waitFor();
    },
  },
  { name: 'not-found-answer', role: 'employee', open: async (page) => { await page.goto('/ask'); await ask(page, 'Which football club won the cup in 1974?'); } },
  {
    name: 'palette',
    role: 'employee',
    open: async (page) => {
      await page.goto('/library');
      await page.getByText('Company handbook').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('leave');
      await page.getByRole('option', { name: /Leave policy/ }).waitFor();
    },
  },
  { name: 'library', role: 'employee', open: async (page) => { await page.goto('/library'); await page.getByText('Company handbook').first().waitFor(); } },
  { name: 'collection', role: 'admin', open: async (page) => { await page.goto(`/library/collections/${await handbook(page)}`); await page.getByRole('table').first().waitFor(); } },
  { name: 'collection-access', role: 'admin', open: async (page) => { await page.goto(`/library/collections/${await handbook(page)}?tab=access`); await page.getByRole('button', { name: 'Grant access' }).first().waitFor(); } },
  {
    name: 'document-text',
    role: 'employee',
    open: async (page) => {
      const document = await idOf(page, `/api/collections/${await handbook(page)}/documents`, (item) => item.format === 'docx');
      await page.goto(`/library/documents/${document}`);
      await page.getByRole('region', { name: 'Document text' }).locator('p').first().waitFor();
      await page.locator('[data-passage="2"]').click();
      await page.locator('mark').first().waitFor();
    },
  },
  {
    name: 'document',
    role: 'employee',
    open: async (page) => {
      const document = await idOf(page, `/api/collections/${await handbook(page)}/documents`, (item) => item.format === 'pdf');
      await page.goto(`/library/documents/${document}`);
      await sourceShown(page);
    },
  },
  { name: 'admin-members', role: 'admin', open: async (page) => { await page.goto('/admin/members'); await page.getByText('Mara Kovac').first().waitFor(); } },
  { name: 'admin-groups', role: 'admin', open: async (page) => { await page.goto('/admin/members'); await page.getByRole('tab', { name: /Groups/ }).click(); await page.getByRole('button', { name: 'Add group' }).waitFor(); } },
  { name: 'provisioning', role: 'admin', open: async (page) => { await page.goto('/admin/provisioning'); await page.getByRole('heading', { name: 'Clients' }).waitFor(); await page.getByRole('button', { name: 'New client' }).first().waitFor(); } },
  {
    name: 'new-client',
    role: 'admin',
    open: async (page) => {
      await page.goto('/admin/provisioning');
      await page.getByRole('button', { name: 'New client' }).first().click();
      await page.getByRole('dialog', { name: 'New provisioning client' }).waitFor();
    },
  },
  { name: 'keys', role: 'employee', open: async (page) => { await page.goto('/keys'); await page.getByRole('heading', { name: 'Use a key' }).waitFor(); } },
  {
    name: 'new-key',
    role: 'employee',
    open: async (page) => {
      await page.goto('/keys');
      await page.getByRole('button', { name: 'New key' }).first().click();
      await page.getByRole('dialog', { name: 'New API key' }).waitFor();
    },
  },
  { name: 'admin-keys', role: 'admin', open: async (page) => { await page.goto('/admin/keys'); await page.getByRole('searchbox', { name: 'Find a key or member' }).or(page.getByText('Nobody has made a key')).first().waitFor(); } },
  {
    name: 'admin-member',
    role: 'admin',
    open: async (page) => {
      await page.goto(`/admin/members/${await idOf(page, '/api/members', (item) => item.name === 'Ines Roth')}`);
      await page.getByRole('link', { name: 'Board', exact: true }).waitFor();
    },
  },
  { name: 'admin-approvals', role: 'admin', open: async (page) => { await page.goto('/admin/approvals'); await page.getByRole('heading', { level: 1, name: 'Approvals' }).waitFor(); } },
  { name: 'admin-sign-in', role: 'admin', open: async (page) => { await page.goto('/admin/sign-in'); await page.getByRole('list', { name: 'Identity providers' }).waitFor(); } },
  {
    name: 'admin-sign-in-form',
    role: 'admin',
    open: async (page) => {
      await page.goto('/admin/sign-in');
      await page.getByRole('button', { name: 'Add provider' }).click();
      await page.getByRole('dialog', { name: 'Add an identity provider' }).waitFor();
      await page.waitForTimeout(300); // the dialog fades in, and half-faded words have too little contrast
    },
  },
  { name: 'admin-sessions', role: 'admin', open: async (page) => { await page.goto('/admin/sessions'); await page.getByRole('list', { name: 'Sessions of members' }).waitFor(); } },
  { name: 'admin-ingestion', role: 'admin', open: async (page) => { await page.goto('/admin/ingestion'); await page.getByText('Ready', { exact: true }).waitFor(); } },
  { name: 'admin-models', role: 'admin', open: async (page) => { await page.goto('/admin/models'); await page.getByText('Writes answers').waitFor(); } },
  { name: 'records', role: 'compliance', open: async (page) => { await page.goto('/compliance/records'); await page.getByRole('link', { name: /^(?:Signed in|Asked a question|Looked through records)/ }).locator('visible=true').first().waitFor(); } },
  {
    name: 'log',
    role: 'compliance',
    open: async (page) => {
      await page.goto('/compliance/records');
      await page.getByText(/Signed up to record/).waitFor({ timeout: 90_000 });
      await page.getByRole('button', { name: 'Root and verifier key' }).click();
      await page.getByRole('dialog', { name: 'Root and verifier key' }).waitFor();
    },
  },
  {
    name: 'export-records',
    role: 'compliance',
    open: async (page) => {
      await page.goto('/compliance/records');
      await page.getByText(/Signed up to record/).waitFor({ timeout: 90_000 });
      await page.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('dialog', { name: 'Export records' }).getByText(/are signed/).waitFor();
    },
  },
  {
    name: 'record',
    role: 'compliance',
    open: async (page) => {
      const seq = (await lastAnswer(page)) ?? (await askAsEmployee(page), await lastAnswer(page));
      await page.goto(`/compliance/records/${seq ?? 0}`);
      await page.getByRole('complementary', { name: 'Proof' }).waitFor();
    },
  },
  { name: 'sessions', role: 'employee', open: async (page) => { await page.goto('/sessions'); await page.getByText('This browser').waitFor(); } },
  { name: 'refused', role: 'employee', open: async (page) => { await page.goto('/admin/members'); await page.getByRole('heading', { level: 1 }).waitFor(); } },
  { name: 'nowhere', role: 'employee', open: async (page) => { await page.goto('/nowhere'); await page.getByRole('heading', { level: 1 }).waitFor(); } },
  { name: 'missing', role: 'employee', open: async (page) => { await page.goto('/library/documents/00000000-0000-4000-8000-000000000000'); await page.getByRole('heading', { level: 1, name: 'This document is not here' }).waitFor(); } },
];
