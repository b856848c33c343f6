import { VideoStatus, Visibility } from '@kinora/contracts-catalog';
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { z } from 'zod';
import { queryClient, videoQuery } from './api/queries';
import { RouteError } from './shell/route-error';
import { Layout } from './shell/layout';
import { NotFound } from './shell/not-found';
import { RoutePending } from './shell/route-pending';

const rootRoute = createRootRoute({ component: Layout, notFoundComponent: NotFound });

/** What the library shows is in its address, so that it can be sent to somebody. Odd values are dropped, not refused. */
const LibrarySearch = z.object({
  q: z.coerce.string().trim().min(1).max(200).optional().catch(undefined),
  scope: z.literal('mine').optional().catch(undefined),
  status: VideoStatus.optional().catch(undefined),
  visibility: Visibility.optional().catch(undefined),
  tag: z.coerce.string().min(1).max(50).optional().catch(undefined),
  view: z.literal('list').optional().catch(undefined),
});
/** Where to go after signing in: paths of this application only. */
const Next = z.object({
  next: z
    .string()
    .regex(/^\/(?![/\\])/)
    .optional()
    .catch(undefined),
  email: z.string().optional().catch(undefined),
  /** Code of what went wrong on a way that ends here. */
  problem: z.string().optional().catch(undefined),
});

const libraryRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: LibrarySearch,
  component: lazyRouteComponent(() => import('./library/library-page'), 'LibraryPage'),
});
const uploadRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/upload',
  component: lazyRouteComponent(() => import('./uploads/upload-page'), 'UploadPage'),
});
const watchRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/watch/$videoId',
  validateSearch: z.object({ t: z.coerce.number().min(0).optional().catch(undefined) }),
  // Asks at once, beside the code of the page; the page shows what comes of it.
  loader: ({ params }) => void queryClient.prefetchQuery(videoQuery(params.videoId)),
  component: lazyRouteComponent(() => import('./watch/watch-page'), 'WatchPage'),
});
const analyticsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/videos/$videoId/analytics',
  component: lazyRouteComponent(() => import('./analytics/analytics-page'), 'AnalyticsPage'),
});
const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: Next,
  component: lazyRouteComponent(() => import('./account/sign-in-page'), 'SignInPage'),
});
const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/signed-in',
  validateSearch: Next,
  component: lazyRouteComponent(() => import('./account/signed-in-page'), 'SignedInPage'),
});
const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-up',
  validateSearch: Next,
  component: lazyRouteComponent(() => import('./account/sign-up-page'), 'SignUpPage'),
});
const confirmRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/confirm',
  validateSearch: Next,
  component: lazyRouteComponent(() => import('./account/confirm-page'), 'ConfirmPage'),
});
const forgotRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/forgot',
  validateSearch: Next,
  component: lazyRouteComponent(() => import('./account/forgot-page'), 'ForgotPage'),
});
const accountRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/account',
  component: lazyRouteComponent(() => import('./account/account-page'), 'AccountPage'),
});

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    libraryRoute,
    uploadRoute,
    watchRoute,
    analyticsRoute,
    signInRoute,
    signedInRoute,
    signUpRoute,
    confirmRoute,
    forgotRoute,
    accountRoute,
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
  defaultPendingComponent: RoutePending,
  defaultPendingMs: 200,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
