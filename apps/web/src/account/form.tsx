import { Button, Card, LogoMark, Notice, TextField } from '@kinora/ui';
import { type ReactNode } from 'react';
import { ApiProblem } from '@kinora/contracts-common';
import { explain, fieldError } from '../api/problems';
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
  'auth.code_wrong': 'That is not the right code. Check it, or use a new one.',
  'auth.code_expired': 'This code has run out. Ask for a new one.',
  'auth.code_used': 'This code was used before. Wait for the next one.',
  'auth.session_expired': 'This took too long. Start again.',
  'auth.mfa_setup_required':
    'This account needs two-step sign-in, which has to be set up by whoever manages it before you can sign in.',
  'auth.mfa_unavailable': 'Two-step sign-in is not available for this account. It may be part of your single sign-on.',
  'auth.sso_refused': 'Signing in did not succeed. Try again.',
};

/** What to say of a sign-in that went wrong on another page, by its code in the address: anybody can write there, so only known codes count. */
export const problemSentence = (code: string): string =>
  code === 'service.unavailable'
    ? 'Signing in is not available at the moment. Try again shortly.'
    : (SENTENCES[code] ?? 'Signing in did not succeed. Try again.');

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

/** What a form needs of the mutation that it sends. */
interface Submission {
  readonly error: Error | null;
  readonly isPending: boolean;
  mutate(): void;
}

/** One form of an account page: what went wrong above its fields, its button below them, and what else can be done last. */
export function AuthForm({
  submit,
  action,
  children,
  after,
}: {
  submit: Submission;
  action: string;
  children: ReactNode;
  after?: ReactNode;
}) {
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit.mutate();
      }}
    >
      <FormError error={submit.error} />
      {children}
      <Button type="submit" variant="primary" busy={submit.isPending}>
        {action}
      </Button>
      {after}
    </form>
  );
}

const PASSWORD = { type: 'password', name: 'password' } as const;

/** By the names that password managers and one-time-code keyboards know. */
const FIELDS = {
  email: { label: 'E-mail', type: 'email', name: 'email', autoComplete: 'username' },
  code: {
    label: 'Code',
    name: 'code',
    autoComplete: 'one-time-code',
    inputMode: 'numeric',
    className: 'font-mono tracking-widest',
  },
  password: { ...PASSWORD, label: 'Password', autoComplete: 'current-password' },
  newPassword: {
    ...PASSWORD,
    label: 'Password',
    autoComplete: 'new-password',
    minLength: 8,
    hint: 'At least 8 characters',
  },
} as const;

/** A required field of an {@link AuthForm}; `error` is the form's, of which it shows what is its own. */
export function AuthField({
  kind,
  label = FIELDS[kind].label,
  value,
  onValue,
  error,
  autoFocus = false,
}: {
  kind: keyof typeof FIELDS;
  label?: string;
  value: string;
  onValue: (value: string) => void;
  error: unknown;
  /** For a field that has appeared because somebody asked for it. */
  autoFocus?: boolean;
}) {
  const { name } = FIELDS[kind];
  return (
    <TextField
      {...FIELDS[kind]}
      label={label}
      required
      autoFocus={autoFocus}
      value={value}
      error={fieldError(error, name)}
      onChange={(event) => onValue(event.target.value)}
    />
  );
}
