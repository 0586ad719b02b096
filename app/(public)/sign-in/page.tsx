/** The door: who provides the sign-in, why the last attempt failed, and whether this is a demo. */
import type { Metadata } from 'next';
import { cookies } from 'next/headers.js';
import { redirect } from 'next/navigation.js';
import type { ReactNode } from 'react';
import { adminTokenIn, isAdminLinkOpen } from '#lib/auth/admin-link.ts';
import { readAgain } from '#lib/auth/again.ts';
import { againCookieName } from '#lib/auth/cookies.ts';
import { readActorFromCookies } from '#lib/auth/page.ts';
import { signInChoices } from '#lib/auth/provider-store.ts';
import { environmentProviders } from '#lib/auth/provider.ts';
import { signedOutState } from '#lib/auth/sign-out.ts';
import { signInSentence, signInRefusals, type SignInChoice } from '#lib/auth/types.ts';
import { BrandMark } from '../../_ui/frame/brand.tsx';
import { Notice } from '../../_ui/primitives/notice.tsx';
import { AgainRefused } from './again-refused.tsx';
import { ownPath } from './own-path.ts';
import { SignInForm } from './sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const query = await searchParams;
  const from = ownPath(first(query['from']));
  const adminToken = adminTokenIn(first(query['admin']));
  // A database that does not answer must not hide the page that says so after the attempt.
  const actor = await readActorFromCookies().catch(() => null);
  const refusal = signInSentence(first(query['error']));
  if (actor !== null && adminToken === undefined) {
    const again = readAgain((await cookies()).get(againCookieName())?.value);
    if (refusal === null || again?.memberId !== actor.id) redirect(from);
    return (
      <Door title="Sign in again" lead={`You are still signed in as ${actor.name}, as before.`}>
        <Notice tone="bad">{refusal}</Notice>
        <AgainRefused path={again.path} />
      </Door>
    );
  }
  const choices = await readChoices();
  const problem = refusal ?? (choices.length === 0 ? signInRefusals['provider-missing'] : null);
  return (
    <Door title="Sign in to Attest" lead="Ask your company’s documents, and see the passage each answer rests on." below={choices.some((choice) => choice.demo) && <DemoNote />}>
      {problem !== null && <Notice tone="bad">{problem}</Notice>}
      {problem === null && <SignedOut query={query} />}
      {problem === null && adminToken !== undefined && <AdminLink isOpen={await isAdminLinkOpen(adminToken).catch(() => true)} />}
      {choices.length > 0 && <SignInForm choices={choices} from={from} admin={adminToken ?? null} />}
    </Door>
  );
}

interface DoorProps {
  title: string;
  lead: string;
  below?: ReactNode;
  children: ReactNode;
}

function Door({ title, lead, below, children }: DoorProps) {
  return (
    <main id="main" className="grid min-h-dvh grid-rows-[1fr_auto] px-5">
      <div className="mx-auto flex w-full max-w-[23rem] flex-col justify-center py-16">
        <BrandMark className="size-8 rounded-lg text-base" />
        <h1 className="mt-6 text-[26px] leading-8 font-semibold tracking-[-0.022em]">{title}</h1>
        <p className="mt-2 text-base text-pretty text-ink-2">{lead}</p>
        <div className="mt-8 grid gap-3">{children}</div>
        {below}
      </div>
      <p className="pb-6 text-center text-xs text-ink-3">Questions, answers and passages stay on your company’s own machines. Who was shown what is recorded.</p>
    </main>
  );
}

/** Without the database, the providers that variables set up are still shown. */
async function readChoices(): Promise<SignInChoice[]> {
  return signInChoices().catch(() => environmentProviders().map(({ id, name }) => ({ id, name, demo: id === 'demo' })));
}

function SignedOut({ query }: { query: Record<string, string | string[] | undefined> }) {
  const here = first(query['signed-out']);
  if (here === undefined && first(query['state']) !== signedOutState) return null;
  return <Notice tone="ok">{here === 'here' ? 'You are signed out of Attest. Your identity provider did not answer, so you may still be signed in there.' : 'You are signed out.'}</Notice>;
}

function AdminLink({ isOpen }: { isOpen: boolean }) {
  if (!isOpen) return <Notice tone="bad">{signInRefusals['admin-link-invalid']}</Notice>;
  return <Notice tone="weak">This link makes whoever signs in with it an administrator, once. Sign in with your own account.</Notice>;
}

function DemoNote() {
  return (
    <section aria-label="This is a demo" className="mt-8 border-t border-line-soft pt-5 text-sm text-ink-2">
      <p className="font-medium text-ink">This is a demo</p>
      <p className="mt-1 text-pretty">
        No company sign-in is set up here, so a demo provider on this machine lets you in as anybody, without a password: an employee, an administrator or a compliance reviewer of an invented company. Do not
        put real documents in it.
      </p>
    </section>
  );
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
