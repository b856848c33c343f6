import { TextField } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { fieldError } from '../api/problems';
import { signIn } from '../api/session';
import { AuthField, AuthForm, AuthPage, linkClass } from './form';

export function SignUpPage() {
  const { next, email: known } = useSearch({ from: '/sign-up' });
  const router = useRouter();
  const [displayName, setDisplayName] = useState('');
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const submit = useMutation({
    mutationFn: () =>
      api.auth.signUp({
        body: { email: email.trim(), password, ...(displayName.trim() && { displayName: displayName.trim() }) },
      }),
    onSuccess: async ({ confirmed }) => {
      if (!confirmed) {
        await router.navigate({ to: '/confirm', search: { email: email.trim(), next } });
        return;
      }
      await signIn(email.trim(), password);
      router.history.push(next ?? '/');
    },
  });
  return (
    <AuthPage
      title="Create an account"
      foot={
        <>
          Have an account?{' '}
          <Link to="/sign-in" search={{ next, email: email || undefined }} className={linkClass}>
            Sign in
          </Link>
        </>
      }
    >
      <AuthForm submit={submit} action="Create account">
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          maxLength={80}
          hint="Shown beside your videos"
          value={displayName}
          error={fieldError(submit.error, 'displayName')}
          onChange={(event) => setDisplayName(event.target.value)}
        />
        <AuthField kind="email" value={email} onValue={setEmail} error={submit.error} />
        <AuthField kind="newPassword" value={password} onValue={setPassword} error={submit.error} />
      </AuthForm>
    </AuthPage>
  );
}
