import { Badge, Button, Card, ErrorState, Loading, Skeleton, toast } from '@kinora/ui';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { renderSVG } from 'uqr';
import { api } from '../api/client';
import { explain } from '../api/problems';
import { mfaQuery, queryClient } from '../api/queries';
import { AuthField, FormError } from './form';

const know = (enabled: boolean) => queryClient.setQueryData(mfaQuery.queryKey, { enabled });

/** Switching two-step sign-in on and off. */
export function SecondStep() {
  const { data, error, refetch } = useQuery(mfaQuery);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const setUp = useMutation({ mutationFn: () => api.mfa.setUpMfa({}), onSuccess: () => setOpen(true) });
  return (
    <Card className="flex flex-col gap-4" aria-labelledby="second-step">
      <div className="flex items-center justify-between gap-3">
        <h2 id="second-step" className="flex flex-wrap items-center gap-2 text-lg">
          Two-step sign-in {data?.enabled && <Badge>on</Badge>}
        </h2>
        {data && !open && (
          <Button size="sm" busy={setUp.isPending} onClick={() => (data.enabled ? setOpen(true) : setUp.mutate())}>
            {data.enabled ? 'Switch off' : 'Set up'}
          </Button>
        )}
      </div>
      {data ? (
        <>
          <FormError error={setUp.error} />
          {!open && (
            <p className="text-soft">
              {data.enabled
                ? 'Signing in by password asks for a code of your authenticator app.'
                : 'Ask for a code of an authenticator app besides your password, so that a stolen password is not enough.'}
            </p>
          )}
          {open && data.enabled && <SwitchOff onClose={close} />}
          {open && !data.enabled && setUp.data && <SwitchOn {...setUp.data} onClose={close} />}
        </>
      ) : error ? (
        <ErrorState {...explain(error)} className="py-6" onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading two-step sign-in">
          <Skeleton className="h-5 w-3/4" />
        </Loading>
      )}
    </Card>
  );
}

function SwitchOn({ secret, uri, onClose }: { secret: string; uri: string; onClose: () => void }) {
  const [code, setCode] = useState('');
  const enable = useMutation({
    mutationFn: () => api.mfa.enableMfa({ body: { code } }),
    onSuccess: () => {
      know(true);
      toast({ title: 'Two-step sign-in is on' });
      onClose();
    },
  });
  return (
    <StepForm submit={enable} action="Switch on" onCancel={onClose}>
      <p>Scan this with your authenticator app, then enter the code it shows.</p>
      <div className="flex flex-wrap items-center gap-5">
        {/* Dark on white in both themes: some cameras read nothing else. An image, for the page allows no markup of others. */}
        <img
          src={`data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 3 }))}`}
          alt="QR code with the key below"
          className="size-44 rounded-md border border-line bg-white"
        />
        <div className="min-w-0 flex-1 basis-52 text-sm">
          <p className="text-soft">Can’t scan it? Enter this key:</p>
          <code className="mt-1 block font-mono break-all select-all">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </div>
      </div>
      <AuthField kind="code" value={code} onValue={setCode} error={enable.error} autoFocus />
    </StepForm>
  );
}

function SwitchOff({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const disable = useMutation({
    mutationFn: () => api.mfa.disableMfa({ body: { password, code } }),
    onSuccess: () => {
      know(false);
      toast({ title: 'Two-step sign-in is off' });
      onClose();
    },
  });
  return (
    <StepForm submit={disable} action="Switch off" onCancel={onClose}>
      <p>Enter your password and a code to show that it is you.</p>
      <AuthField kind="password" value={password} onValue={setPassword} error={disable.error} autoFocus />
      <AuthField kind="code" value={code} onValue={setCode} error={disable.error} />
    </StepForm>
  );
}

function StepForm({
  submit,
  action,
  onCancel,
  children,
}: {
  submit: { readonly error: Error | null; readonly isPending: boolean; mutate(): void };
  action: string;
  onCancel: () => void;
  children: ReactNode;
}) {
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    submit.mutate();
  };
  return (
    <form className="flex flex-col gap-4 rounded-md bg-sunken p-4" onSubmit={onSubmit}>
      <FormError error={submit.error} />
      {children}
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" busy={submit.isPending}>
          {action}
        </Button>
      </div>
    </form>
  );
}
