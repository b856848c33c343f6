import { Button, TextField, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { explain, fieldError } from '../api/problems';
import { AuthPage, FormError } from './form';

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
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit.mutate();
        }}
      >
        <FormError error={submit.error} />
        {!known && (
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
        )}
        <TextField
          label="Code"
          name="code"
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          value={code}
          error={fieldError(submit.error, 'code')}
          onChange={(event) => setCode(event.target.value)}
          className="font-mono tracking-widest"
        />
        <Button type="submit" variant="primary" busy={submit.isPending}>
          Confirm
        </Button>
        <Button variant="ghost" busy={resend.isPending} disabled={!email.trim()} onClick={() => resend.mutate()}>
          Send a new code
        </Button>
      </form>
    </AuthPage>
  );
}
