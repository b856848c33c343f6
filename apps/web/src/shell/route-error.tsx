import { ErrorState } from '@kinora/ui';
import { type ErrorComponentProps } from '@tanstack/react-router';
import { explain } from '../api/problems';

/** A page that failed to load or to draw. After a release old code files are gone, which a reload puts right. */
export function RouteError({ error }: ErrorComponentProps) {
  const stale = error instanceof Error && /dynamically imported module|module script/i.test(error.message);
  const told = stale
    ? { title: 'Kinora was updated', message: 'Load the page again to get the new version.' }
    : explain(error);
  return (
    <main id="main" className="px-4">
      <ErrorState {...told} onRetry={() => location.reload()} />
    </main>
  );
}
