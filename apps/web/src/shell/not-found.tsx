import { buttonClass, EmptyState, LogoMark } from '@kinora/ui';
import { Link } from '@tanstack/react-router';
import { useTitle } from './use-title';

export function NotFound() {
  useTitle('Not found');
  return (
    <main id="main">
      <EmptyState
        as="h1"
        title="There is nothing here"
        art={<LogoMark />}
        action={
          <Link to="/" className={buttonClass({ variant: 'primary' })}>
            Go to the library
          </Link>
        }
      >
        The address may be mistyped, or what was here has been deleted.
      </EmptyState>
    </main>
  );
}
