import { Button } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Step, answerMfa, chooseFirstPassword, stepOf } from '../api/session';
import { AuthField, AuthForm, AuthPage } from './form';

export interface SignInStepProps {
  step: Step;
  email: string;
  onStep: (step: Step) => void;
  onDone: () => void;
  onStartAgain: () => void;
}

/** What a sign-in that is right so far still waits for. */
export function SignInStep({ step, ...rest }: SignInStepProps) {
  return step.code === 'auth.mfa_required' ? (
    <CodeStep key={step.session} step={step} {...rest} />
  ) : (
    <PasswordStep key={step.session} step={step} {...rest} />
  );
}

function CodeStep({ step, email, onDone, onStartAgain }: SignInStepProps) {
  const [code, setCode] = useState('');
  const submit = useMutation({ mutationFn: () => answerMfa(step.session, code), onSuccess: onDone });
  return (
    <AuthPage title="Enter your code">
      <p className="text-soft">Open your authenticator app and enter the six digits it shows for {email}.</p>
      <AuthForm submit={submit} action="Continue" after={<StartAgain onClick={onStartAgain} />}>
        <AuthField kind="code" value={code} onValue={setCode} error={submit.error} autoFocus />
      </AuthForm>
    </AuthPage>
  );
}

function PasswordStep({ step, onStep, onDone, onStartAgain }: SignInStepProps) {
  const [password, setPassword] = useState('');
  const submit = useMutation({
    mutationFn: () => chooseFirstPassword(step.session, password),
    onSuccess: onDone,
    onError: (error) => {
      const following = stepOf(error);
      if (following) onStep(following);
    },
  });
  return (
    <AuthPage title="Choose your password">
      <p className="text-soft">This account was made for you. Replace its password with one that only you know.</p>
      <AuthForm submit={submit} action="Continue" after={<StartAgain onClick={onStartAgain} />}>
        <AuthField
          kind="newPassword"
          label="New password"
          value={password}
          onValue={setPassword}
          error={submit.error}
          autoFocus
        />
      </AuthForm>
    </AuthPage>
  );
}

const StartAgain = ({ onClick }: { onClick: () => void }) => (
  <Button variant="ghost" onClick={onClick}>
    Start again
  </Button>
);
