import { PageQuery, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { Tag, Video, VideoStatus, Visibility } from './videos.contract';

/** A piece of text with the matching stretches marked, so that a client needs no HTML. */
export const Highlight = z.array(z.object({ text: z.string(), match: z.boolean() })).meta({ id: 'Highlight' });
export type Highlight = z.output<typeof Highlight>;

export const SearchHit = z
  .object({
    video: Video,
    score: z.number(),
    highlights: z.object({ title: Highlight.optional(), description: Highlight.optional() }),
  })
  .meta({ id: 'SearchHit' });
export type SearchHit = z.output<typeof SearchHit>;

export const Facet = z.array(z.object({ value: z.string(), count: z.int() })).meta({ id: 'Facet' });
export type Facet = z.output<typeof Facet>;

export const searchContract = {
  search: endpoint({
    id: 'catalog.search',
    method: 'get',
    path: '/v1/search',
    access: 'optional',
    scope: 'videos:read',
    summary: 'Videos that the caller may see: prefix, typo-tolerant, ranked',
    query: PageQuery.extend({
      q: z.string().trim().max(200).default(''),
      tag: z
        .union([Tag, z.array(Tag).max(20)])
        .optional()
        .describe('Repeat for several; all must match'),
      status: VideoStatus.optional(),
      visibility: Visibility.optional(),
    }),
    success: {
      status: 200,
      body: z.object({
        items: z.array(SearchHit),
        nextCursor: z.string().nullable(),
        total: z.int(),
        facets: z.object({ tags: Facet, visibility: Facet, status: Facet }),
      }),
    },
    problems: ['request.cursor_invalid'],
  }),
  suggest: endpoint({
    id: 'catalog.suggest',
    method: 'get',
    path: '/v1/search/suggest',
    access: 'optional',
    scope: 'videos:read',
    summary: 'Titles and tags that begin like the query',
    query: z.object({ q: z.string().trim().min(1).max(100), limit: z.coerce.number().int().min(1).max(20).default(8) }),
    success: {
      status: 200,
      body: z.object({
        items: z.array(z.object({ kind: z.enum(['title', 'tag']), text: z.string(), videoId: VideoId.optional() })),
      }),
    },
    problems: [],
  }),
} as const;
