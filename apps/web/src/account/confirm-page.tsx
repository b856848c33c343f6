import { Button, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { explain } from '../api/problems';
import { AuthField, AuthForm, AuthPage } from './form';

export function ConfirmPage() {
  const { next, email: known } = useSearch({ from: '/confirm' });
  const router = useRouter();
  const [email, setEmail] = useState(known ?? '');
  const [code, setCode] = useState('');
  const submit = useMutation({
    mutationFn: () => api.auth.confirm({ body: { email: email.trim(), code: code.trim() } }),
    onSuccess: () => {
      toast({ title: 'Your address is confirmed', description: 'You can sign in now.' });
      return router.navigate({ to: '/sign-in', search: { email: email.trim(), next } });
    },
  });
  const resend = useMutation({
    mutationFn: () => api.auth.resendCode({ body: { email: email.trim() } }),
    onSuccess: () => toast({ title: 'A new code is on its way' }),
    onError: (error) => toast({ title: 'No code was sent', description: explain(error).message, tone: 'danger' }),
  });
  return (
    <AuthPage title="Confirm your address">
      <p className="text-soft">We sent a code{known ? ` to ${known}` : ''}. Enter it here to finish your account.</p>
      <AuthForm
        submit={submit}
        action="Confirm"
        after={
          <Button variant="ghost" busy={resend.isPending} disabled={!email.trim()} onClick={() => resend.mutate()}>
            Send a new code
          </Button>
        }
      >
        {!known && <AuthField kind="email" value={email} onValue={setEmail} error={submit.error} />}
        <AuthField kind="code" value={code} onValue={setCode} error={submit.error} />
      </AuthForm>
    </AuthPage>
  );
}
