import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { refresh } from '../api/session';
import { RoutePending } from '../shell/route-pending';
import { useTitle } from '../shell/use-title';

/** Where a sign-in by the pool's pages ends: the cookie is there, and this tab has still to hear of it. */
export function SignedInPage() {
  useTitle('Signing in');
  const { next } = useSearch({ from: '/signed-in' });
  const router = useRouter();
  useEffect(() => {
    void refresh().then((token) =>
      token === undefined
        ? router.navigate({ to: '/sign-in', search: { next, problem: 'auth.sso_refused' }, replace: true })
        : router.history.replace(next ?? '/'),
    );
  }, [next, router]);
  return <RoutePending />;
}
