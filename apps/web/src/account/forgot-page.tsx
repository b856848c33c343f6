import { Button, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { AuthField, AuthForm, AuthPage, linkClass } from './form';

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
        <AuthForm submit={ask} action="Send a code">
          <AuthField kind="email" value={email} onValue={setEmail} error={ask.error} />
        </AuthForm>
      </AuthPage>
    );
  }
  return (
    <AuthPage title="Choose a new password" foot={foot}>
      <p className="text-soft">If there is an account for {email}, a code has been sent to it.</p>
      <AuthForm
        submit={reset}
        action="Change password"
        after={
          <Button variant="ghost" onClick={() => setSent(false)}>
            Use another address
          </Button>
        }
      >
        <AuthField kind="code" value={code} onValue={setCode} error={reset.error} />
        <AuthField kind="newPassword" label="New password" value={password} onValue={setPassword} error={reset.error} />
      </AuthForm>
    </AuthPage>
  );
}
