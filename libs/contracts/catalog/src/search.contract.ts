import { ChannelId, PageQuery, VideoId, endpoint } from '@kinora/contracts-common';
import { z } from 'zod';
import { Tag, Video, VideoStatus, Visibility } from './videos.contract';

/** A piece of text with the matching stretches marked, so that a client needs no HTML. */
export const Highlight = z.array(z.object({ text: z.string(), match: z.boolean() })).meta({ id: 'Highlight' });
export type Highlight = z.output<typeof Highlight>;

/** How long a video is: below four minutes, up to twenty, above. */
export const VideoLength = z.enum(['short', 'medium', 'long']).meta({ id: 'VideoLength' });
export type VideoLength = z.output<typeof VideoLength>;

/** A place in a video where what was asked for is said. */
export const SearchPassage = z
  .object({ startMs: z.int().nonnegative().describe('Where to start playing'), text: z.string(), highlight: Highlight })
  .meta({ id: 'SearchPassage' });
export type SearchPassage = z.output<typeof SearchPassage>;

export const SearchHit = z
  .object({
    video: Video,
    score: z.number(),
    highlights: z.object({ title: Highlight.optional(), description: Highlight.optional() }),
    passages: z.array(SearchPassage).describe('The best three places of its transcript that match'),
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
    summary:
      'Videos that the caller may see, by title, tags, description and what is said in them: prefix, typo-tolerant, ranked',
    query: PageQuery.extend({
      q: z.string().trim().max(200).default(''),
      tag: z
        .union([Tag, z.array(Tag).max(20)])
        .optional()
        .describe('Repeat for several; all must match'),
      status: VideoStatus.optional(),
      visibility: Visibility.optional(),
      channelId: ChannelId.optional(),
      length: VideoLength.optional(),
    }),
    success: {
      status: 200,
      body: z.object({
        items: z.array(SearchHit),
        nextCursor: z.string().nullable(),
        total: z.int(),
        facets: z.object({ tags: Facet, visibility: Facet, status: Facet, channel: Facet, length: Facet }),
      }),
    },
    problems: ['request.cursor_invalid', 'search.unavailable'],
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
    problems: ['search.unavailable'],
  }),
} as const;
