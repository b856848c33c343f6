import { Loading, Skeleton } from '@kinora/ui';

/** While the code of a page arrives. */
export function RoutePending() {
  return (
    <Loading className="mx-auto grid w-full max-w-7xl gap-4 px-4 py-8 sm:px-6">
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-64 w-full" />
    </Loading>
  );
}
