import { Button, TextField } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { fieldError, isProblem } from '../api/problems';
import { signIn } from '../api/session';
import { AuthPage, FormError, linkClass } from './form';

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
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit.mutate();
        }}
      >
        <FormError error={submit.error} />
        <TextField
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          error={fieldError(submit.error, 'email')}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          error={fieldError(submit.error, 'password')}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={submit.isPending}>
          Sign in
        </Button>
        <Link to="/forgot" search={{ next, email: email || undefined }} className={`${linkClass} self-center text-sm`}>
          Forgot your password?
        </Link>
      </form>
    </AuthPage>
  );
}
