import { type SearchPassage, type Video, type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { ApiProblem } from '@kinora/contracts-common';
import { infiniteQueryOptions, keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { api } from './client';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal will be the same the next time; a failure may not.
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiProblem && error.status < 500 && error.status !== 429),
      retryDelay: (attempt, error) =>
        error instanceof ApiProblem && error.retryAfter ? error.retryAfter * 1000 : Math.min(8000, 500 * 2 ** attempt),
    },
    mutations: { retry: false },
  },
});

/** Statuses that change by themselves. */
const MOVING: readonly VideoStatus[] = ['uploading', 'processing', 'playable'];
export const isMoving = (video: Video): boolean => MOVING.includes(video.status);
export const canWatch = (video: Video): boolean => video.status === 'playable' || video.status === 'ready';
const WATCHING_MS = 2500;

export interface LibraryFilter {
  readonly q?: string | undefined;
  readonly scope?: 'mine' | undefined;
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly tag?: string | undefined;
}

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => api.auth.getProfile({}, { signal }),
  staleTime: 300_000,
});

export const mfaQuery = queryOptions({
  queryKey: ['mfa'],
  queryFn: ({ signal }) => api.mfa.getMfa({}, { signal }),
});

export const signInOptionsQuery = queryOptions({
  queryKey: ['sign-in-options'],
  queryFn: ({ signal }) => api.auth.signInOptions({}, { signal }),
  staleTime: Infinity,
});

export const videoQuery = (videoId: string) =>
  queryOptions({
    queryKey: ['video', videoId],
    queryFn: ({ signal }) => api.videos.getVideo({ params: { videoId } }, { signal }),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? WATCHING_MS : false),
  });

const PAGE = 24;
type Cursor = string | undefined;
/** A video, with where in it the words are said when it was looked for. */
type Found = Video & { passages?: readonly SearchPassage[] };

/** Newest first; with words to look for, best first. */
export const libraryQuery = ({ q, scope, status, visibility, tag }: LibraryFilter) =>
  infiniteQueryOptions({
    queryKey: ['videos', { q, scope, status, visibility, tag }],
    initialPageParam: undefined as Cursor,
    queryFn: async ({ pageParam: cursor, signal }): Promise<{ items: Found[]; nextCursor: string | null }> => {
      if (!q)
        return api.videos.listVideos(
          { query: { limit: PAGE, cursor, owner: scope && 'me', status, visibility, tag } },
          { signal },
        );
      const found = await api.search.search({ query: { q, limit: PAGE, cursor, status, visibility, tag } }, { signal });
      return {
        items: found.items.map(({ video, passages }) => ({ ...video, passages })),
        nextCursor: found.nextCursor,
      };
    },
    getNextPageParam: (last) => last.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.some(({ items }) => items.some(isMoving)) ? WATCHING_MS : false),
  });

/** Counts beside the filters, of everything the words match. */
export const facetsQuery = (q: string | undefined) =>
  queryOptions({
    queryKey: ['facets', q ?? ''],
    queryFn: async ({ signal }) => {
      const { facets, total } = await api.search.search({ query: { q: q ?? '', limit: 1 } }, { signal });
      return { ...facets, total };
    },
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

export const suggestQuery = (q: string) =>
  queryOptions({
    queryKey: ['suggest', q],
    queryFn: async ({ signal }) => (await api.search.suggest({ query: { q, limit: 6 } }, { signal })).items,
    enabled: q.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    retry: false,
  });

export const analyticsQuery = (videoId: string, days: number) =>
  queryOptions({
    queryKey: ['analytics', videoId, days],
    queryFn: ({ signal }) => {
      const to = new Date();
      const from = new Date(to.getTime() - days * 86_400_000);
      const interval = days <= 2 ? ('hour' as const) : ('day' as const);
      return api.analytics.getVideoAnalytics(
        { params: { videoId }, query: { from: from.toISOString(), to: to.toISOString(), interval } },
        { signal },
      );
    },
    refetchInterval: 60_000,
    placeholderData: keepPreviousData,
  });

export const apiKeysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) => api.apiKeys.listApiKeys({}, { signal }),
});
export const webhooksQuery = queryOptions({
  queryKey: ['webhooks'],
  queryFn: ({ signal }) => api.webhooks.listWebhooks({}, { signal }),
});

/** Puts a changed video where it is already shown. */
export function keepVideo(video: Video): void {
  queryClient.setQueryData(videoQuery(video.id).queryKey, video);
  void queryClient.invalidateQueries({ queryKey: ['videos'] });
}
