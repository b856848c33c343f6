import { buttonClass, EmptyState, LogoMark } from '@kinora/ui';
import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode } from 'react';
import { useSessionState } from '../api/use-session';
import { RoutePending } from './route-pending';

/** Shows a page only to somebody who is signed in, and others the way there and back. */
export function RequireSignIn({ what, children }: { what: string; children: ReactNode }) {
  const state = useSessionState();
  const { href } = useLocation();
  if (state === 'unknown') return <SessionCheck />;
  if (state === 'signed-in') return children;
  return (
    <main id="main">
      <EmptyState
        as="h1"
        title={`Sign in to ${what}`}
        art={<LogoMark />}
        action={
          <>
            <Link to="/sign-in" search={{ next: href }} className={buttonClass({ variant: 'primary' })}>
              Sign in
            </Link>
            <Link to="/sign-up" search={{ next: href }} className={buttonClass()}>
              Create an account
            </Link>
          </>
        }
      />
    </main>
  );
}

// `useProfile` in the header asks for the session; this only waits for its answer.
const SessionCheck = RoutePending;
