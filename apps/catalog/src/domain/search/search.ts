import {
  type Facet,
  type SearchHit,
  type VideoLength,
  type VideoStatus,
  type Visibility,
} from '@kinora/contracts-catalog';
import { DomainError, type Person } from '@kinora/contracts-common';
import { decodeCursor, encodeCursor } from '../cursor';
import { type SearchIndex, type Suggestion } from '../ports/search-index';
import { type VideoReader } from '../ports/video-store';
import { type Presenting, present } from '../videos/present';
import { isListed } from '../videos/video';
import { viewerOf } from '../viewer';
import { highlight } from './highlight';
import { readQuery, wordsToMark } from './query';
import { type Synonyms } from './synonyms';

export interface SearchDeps extends Presenting {
  readonly videos: Pick<VideoReader, 'findMany'>;
  readonly index: SearchIndex;
  readonly synonyms: Synonyms;
}

export interface SearchRequest {
  readonly q: string;
  readonly tag?: string | readonly string[] | undefined;
  readonly status?: VideoStatus | undefined;
  readonly visibility?: Visibility | undefined;
  readonly channelId?: string | undefined;
  readonly length?: VideoLength | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface SearchReply {
  items: SearchHit[];
  nextCursor: string | null;
  total: number;
  facets: { tags: Facet; visibility: Facet; status: Facet; channel: Facet; length: Facet };
}

function positionOf(query: unknown, cursor: string | undefined): { score: number; videoId: string } | undefined {
  if (cursor === undefined) return undefined;
  const [score, videoId] = decodeCursor(query, cursor);
  if (typeof score !== 'number' || typeof videoId !== 'string')
    throw new DomainError('invalid', 'request.cursor_invalid', 'The cursor is not one of ours.');
  return { score, videoId };
}

/** Searches the index, then asks the database once more what the caller may see: an index that lags behind can't show what was hidden. */
export async function search(
  deps: SearchDeps,
  caller: Person | undefined,
  { q, tag, status, visibility, channelId, length, cursor, limit }: SearchRequest,
): Promise<SearchReply> {
  const viewer = viewerOf(caller);
  const tags = [...new Set(tag === undefined ? [] : [tag].flat())];
  const query = ['search', q, tags, status ?? null, visibility ?? null, channelId ?? null, length ?? null];
  const after = positionOf(query, cursor);
  const asked = readQuery(q, deps.synonyms);
  const page = await deps.index.search(viewer, {
    asked,
    tags,
    status,
    visibility,
    channelId,
    length,
    limit,
    after,
  });

  const hits = page.hits.slice(0, limit);
  const last = hits.at(-1);
  const known = new Map(
    (await deps.videos.findMany(hits.map((hit) => hit.videoId)))
      .filter((video) => isListed(viewer, video))
      .map((video) => [video.id, video]),
  );
  const terms = wordsToMark(asked);
  const items = hits.flatMap(({ videoId, score, passages }): SearchHit[] => {
    const video = known.get(videoId);
    if (!video) return [];
    const title = highlight(video.title, terms);
    const description = highlight(video.description, terms, 200);
    return [
      {
        video: present(deps, viewer, video),
        score,
        highlights: { ...(title && { title }), ...(description && { description }) },
        passages: passages.map(({ startMs, text }) => ({
          startMs,
          text,
          highlight: highlight(text, terms, 200) ?? [{ text, match: false }],
        })),
      },
    ];
  });
  const more = page.hits.length > limit && last;
  return {
    items,
    nextCursor: more ? encodeCursor(query, [last.score, last.videoId]) : null,
    total: page.total,
    facets: page.facets,
  };
}

export const suggest = (
  { index }: Pick<SearchDeps, 'index'>,
  caller: Person | undefined,
  text: string,
  limit: number,
): Promise<Suggestion[]> => index.suggest(viewerOf(caller), text, limit);
