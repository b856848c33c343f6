import { HOSTED } from '@kinora/contracts-auth';
import { buttonClass, Notice } from '@kinora/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../api/problems';
import { signInOptionsQuery } from '../api/queries';
import { type Step, signIn, stepOf } from '../api/session';
import { AuthField, AuthForm, AuthPage, linkClass, problemSentence } from './form';
import { SignInStep } from './sign-in-step';

export function SignInPage() {
  const { next, email: known, problem } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [step, setStep] = useState<Step>();
  const done = () => router.history.push(next ?? '/');
  const submit = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: done,
    onError: (error) => {
      setStep(stepOf(error));
      if (isProblem(error, 'auth.not_confirmed'))
        void router.navigate({ to: '/confirm', search: { email: email.trim(), next } });
    },
  });
  if (step) {
    const startAgain = () => {
      setStep(undefined);
      setPassword('');
      submit.reset();
    };
    return <SignInStep step={step} email={email.trim()} onStep={setStep} onDone={done} onStartAgain={startAgain} />;
  }
  return (
    <AuthPage
      title="Sign in"
      foot={
        <>
          New here?{' '}
          <Link to="/sign-up" search={{ next, email: email || undefined }} className={linkClass}>
            Create an account
          </Link>
        </>
      }
    >
      {problem && !submit.error && <Notice tone="danger">{problemSentence(problem)}</Notice>}
      <AuthForm
        submit={submit}
        action="Sign in"
        after={
          <Link
            to="/forgot"
            search={{ next, email: email || undefined }}
            className={`${linkClass} self-center text-sm`}
          >
            Forgot your password?
          </Link>
        }
      >
        <AuthField kind="email" value={email} onValue={setEmail} error={submit.error} />
        <AuthField kind="password" value={password} onValue={setPassword} error={submit.error} />
      </AuthForm>
      <SignInElsewhere next={next} />
    </AuthPage>
  );
}

/** The way by the pool's own pages, where the server says that there are any. */
function SignInElsewhere({ next }: { next: string | undefined }) {
  const { data } = useQuery(signInOptionsQuery);
  if (!data?.sso) return null;
  const query = next === undefined ? '' : `?${new URLSearchParams({ next }).toString()}`;
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-4">
      {/* No link of the router's: this leaves the application. */}
      <a href={`${HOSTED.start}${query}`} className={buttonClass()}>
        Sign in with SSO
      </a>
    </div>
  );
}
