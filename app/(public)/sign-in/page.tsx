/** The door: who provides the sign-in, why the last attempt failed, and whether this is a demo. */
import type { Metadata } from 'next';
import { redirect } from 'next/navigation.js';
import { readActorFromCookies } from '#lib/auth/page.ts';
import { signInChoice } from '#lib/auth/provider.ts';
import { signInSentence, signInRefusals } from '#lib/auth/types.ts';
import { BrandMark } from '../../_ui/frame/brand.tsx';
import { Notice } from '../../_ui/primitives/notice.tsx';
import { ownPath } from './own-path.ts';
import { SignInForm } from './sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

interface SignInPageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const query = await searchParams;
  const from = ownPath(first(query['from']));
  // A database that does not answer must not hide the page that says so after the attempt.
  const actor = await readActorFromCookies().catch(() => null);
  if (actor !== null) redirect(from);
  const choice = signInChoice();
  const problem = signInSentence(first(query['error'])) ?? (choice === null ? signInRefusals['provider-missing'] : null);
  return (
    <main id="main" className="grid min-h-dvh grid-rows-[1fr_auto] px-5">
      <div className="mx-auto flex w-full max-w-[23rem] flex-col justify-center py-16">
        <BrandMark className="size-8 rounded-lg text-base" />
        <h1 className="mt-6 text-[26px] leading-8 font-semibold tracking-[-0.022em]">Sign in to Attest</h1>
        <p className="mt-2 text-base text-pretty text-ink-2">Ask your company’s documents, and see the passage each answer rests on.</p>
        <div className="mt-8 grid gap-3">
          {problem !== null && <Notice tone="bad">{problem}</Notice>}
          {problem === null && first(query['signed-out']) !== undefined && <Notice tone="ok">You are signed out.</Notice>}
          {choice !== null && <SignInForm choice={choice} from={from} />}
        </div>
        {choice?.demo === true && <DemoNote />}
      </div>
      <p className="pb-6 text-center text-xs text-ink-3">Questions, answers and passages stay on your company’s own machines. Who was shown what is recorded.</p>
    </main>
  );
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
