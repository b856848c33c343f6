import { Badge, Button, Card, ErrorState, Loading, Skeleton, TextField, toast } from '@kinora/ui';
import { type Profile } from '@kinora/contracts-auth';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/client';
import { explain, fieldError } from '../api/problems';
import { profileQuery, queryClient } from '../api/queries';
import { RequireSignIn } from '../shell/require-sign-in';
import { useTitle } from '../shell/use-title';
import { ApiKeys } from './api-keys';
import { FormError } from './form';
import { Everywhere } from './everywhere';
import { SecondStep } from './second-step';
import { Webhooks } from './webhooks';

export function AccountPage() {
  useTitle('Account');
  return (
    <RequireSignIn what="see your account">
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-3xl flex-col gap-6 px-4 pt-7 pb-16 outline-none sm:px-6"
      >
        <h1 className="text-2xl sm:text-[1.75rem]">Account</h1>
        <ProfileCard />
        <SecondStep />
        <Everywhere />
        <ApiKeys />
        <Webhooks />
      </main>
    </RequireSignIn>
  );
}

function ProfileCard() {
  const { data, error, refetch } = useQuery(profileQuery);
  return (
    <Card className="flex flex-col gap-4" aria-labelledby="profile">
      <h2 id="profile" className="text-lg">
        Profile
      </h2>
      {data ? (
        <ProfileForm profile={data} />
      ) : error ? (
        <ErrorState {...explain(error)} className="py-6" onRetry={() => void refetch()} />
      ) : (
        <Loading label="Loading your profile" className="flex flex-col gap-3">
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-4 w-40" />
        </Loading>
      )}
    </Card>
  );
}

function ProfileForm({ profile }: { profile: Profile }) {
  const [displayName, setDisplayName] = useState(profile.displayName);
  const save = useMutation({
    mutationFn: () => api.auth.updateProfile({ body: { displayName: displayName.trim() } }),
    onSuccess: (saved) => {
      queryClient.setQueryData(profileQuery.queryKey, saved);
      toast({ title: 'Saved' });
    },
  });
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <FormError error={save.error} />
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <TextField
            label="Name"
            autoComplete="name"
            required
            maxLength={80}
            value={displayName}
            error={fieldError(save.error, 'displayName')}
            onChange={(event) => setDisplayName(event.target.value)}
          />
        </div>
        <Button type="submit" busy={save.isPending} disabled={displayName.trim() === profile.displayName}>
          Save
        </Button>
      </div>
      <p className="flex flex-wrap items-center gap-2 text-sm text-soft">
        {profile.email}
        {profile.roles.map((role) => (
          <Badge key={role}>{role}</Badge>
        ))}
      </p>
    </form>
  );
}
