import { AlertDialog, Button, Card, toast } from '@kinora/ui';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../api/client';
import { explain } from '../api/problems';
import { forgetSession } from '../api/session';

/** Ending all sessions of one's own, this one among them. */
export function Everywhere() {
  const [asking, setAsking] = useState(false);
  const navigate = useNavigate();
  const end = useMutation({
    mutationFn: () => api.auth.signOutEverywhere({}),
    onSuccess: () => {
      forgetSession();
      toast({ title: 'You are signed out everywhere' });
      return navigate({ to: '/sign-in' });
    },
    onError: (error) =>
      toast({ title: 'You were not signed out', description: explain(error).message, tone: 'danger' }),
  });
  return (
    <Card className="flex flex-wrap items-center justify-between gap-3" aria-labelledby="sessions">
      <div className="min-w-0">
        <h2 id="sessions" className="text-lg">
          Sessions
        </h2>
        <p className="text-soft">Lost a device? End every session of your account. API keys stay valid.</p>
      </div>
      <Button size="sm" busy={end.isPending} onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
      <AlertDialog
        title="Sign out everywhere?"
        description="All your devices, this one included, are signed out within 10 seconds."
        confirm="Sign out everywhere"
        open={asking}
        onOpenChange={setAsking}
        onConfirm={() => end.mutate()}
      />
    </Card>
  );
}
