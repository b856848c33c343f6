import { useMutation } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { isProblem } from '../api/problems';
import { signIn } from '../api/session';
import { AuthField, AuthForm, AuthPage, linkClass } from './form';

export function SignInPage() {
  const { next, email: known } = useSearch({ from: '/sign-in' });
  const router = useRouter();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const submit = useMutation({
    mutationFn: () => signIn(email.trim(), password),
    onSuccess: () => router.history.push(next ?? '/'),
    onError: (error) => {
      if (isProblem(error, 'auth.not_confirmed'))
        void router.navigate({ to: '/confirm', search: { email: email.trim(), next } });
    },
  });
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
    </AuthPage>
  );
}
