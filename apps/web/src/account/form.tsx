import { Card, LogoMark, Notice } from '@kinora/ui';
import { type ReactNode } from 'react';
import { ApiProblem } from '@kinora/contracts-common';
import { explain } from '../api/problems';
import { useTitle } from '../shell/use-title';

/** The frame of the pages around signing in. */
export function AuthPage({ title, children, foot }: { title: string; children: ReactNode; foot?: ReactNode }) {
  useTitle(title);
  return (
    <main
      id="main"
      tabIndex={-1}
      className="mx-auto flex w-full max-w-md flex-col gap-6 px-4 pt-10 pb-16 outline-none sm:pt-16"
    >
      <div className="flex flex-col items-center gap-3">
        <LogoMark className="size-12 text-accent-text" />
        <h1 className="text-2xl">{title}</h1>
      </div>
      <Card className="flex flex-col gap-4 p-6">{children}</Card>
      {foot && <p className="text-center text-sm text-soft">{foot}</p>}
    </main>
  );
}

export const linkClass = 'font-medium text-accent-text underline underline-offset-3 hover:no-underline';

const SENTENCES: Record<string, string> = {
  'auth.credentials_wrong': 'E-mail or password is wrong.',
  'auth.email_taken': 'There is an account with this address already. Sign in, or reset the password.',
  'auth.password_weak': 'This password is too easy to guess. Use at least 8 characters; longer is better.',
  'auth.code_wrong': 'That is not the code we sent. Check it, or ask for a new one.',
  'auth.code_expired': 'This code has run out. Ask for a new one.',
};

/** What went wrong, in one sentence above the form. Errors of single fields stand at the fields. */
export function FormError({ error }: { error: unknown }) {
  if (!error || (error instanceof ApiProblem && error.problem?.errors?.length)) return null;
  const { message, code, requestId } = explain(error);
  return (
    <Notice tone="danger">
      {(code && SENTENCES[code]) ?? message}
      {requestId && !(code && SENTENCES[code]) && (
        <span className="mt-1 block font-mono text-xs">request {requestId}</span>
      )}
    </Notice>
  );
}
