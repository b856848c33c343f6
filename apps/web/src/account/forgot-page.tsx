import { Button, TextField, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { fieldError } from '../api/problems';
import { AuthPage, FormError, linkClass } from './form';

export function ForgotPage() {
  const { next, email: known } = useSearch({ from: '/forgot' });
  const router = useRouter();
  const [email, setEmail] = useState(known ?? '');
  const [sent, setSent] = useState(false);
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const ask = useMutation({
    mutationFn: () => api.auth.forgotPassword({ body: { email: email.trim() } }),
    onSuccess: () => setSent(true),
  });
  const reset = useMutation({
    mutationFn: () => api.auth.resetPassword({ body: { email: email.trim(), code: code.trim(), password } }),
    onSuccess: () => {
      toast({ title: 'Your password is changed', description: 'Sign in with the new one.' });
      return router.navigate({ to: '/sign-in', search: { email: email.trim(), next } });
    },
  });
  const foot = (
    <Link to="/sign-in" search={{ next, email: email || undefined }} className={linkClass}>
      Back to sign in
    </Link>
  );
  if (!sent) {
    return (
      <AuthPage title="Reset your password" foot={foot}>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <FormError error={ask.error} />
          <TextField
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            value={email}
            error={fieldError(ask.error, 'email')}
            onChange={(event) => setEmail(event.target.value)}
          />
          <Button type="submit" variant="primary" busy={ask.isPending}>
            Send a code
          </Button>
        </form>
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Choose a new password" foot={foot}>
      <p className="text-soft">If there is an account for {email}, a code has been sent to it.</p>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          reset.mutate();
        }}
      >
        <FormError error={reset.error} />
        <TextField
          label="Code"
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          value={code}
          error={fieldError(reset.error, 'code')}
          onChange={(event) => setCode(event.target.value)}
          className="font-mono tracking-widest"
        />
        <TextField
          label="New password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint="At least 8 characters"
          value={password}
          error={fieldError(reset.error, 'password')}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" busy={reset.isPending}>
          Change password
        </Button>
        <Button variant="ghost" onClick={() => setSent(false)}>
          Use another address
        </Button>
      </form>
    </AuthPage>
  );
}
