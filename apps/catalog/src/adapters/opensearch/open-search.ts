import { type Client } from '@opensearch-project/opensearch';
import { type SearchIndex, type SearchPage, type SearchQuery, type Suggestion } from '../../domain/ports/search-index';
import { wordsOf } from '../../domain/search/text';
import { type Viewer } from '../../domain/viewer';
import { LIVE } from './definition';
import { facetOf, facetsOf, facetsWithin, terms } from './facets';
import { type Guard } from './guard';
import { filters, matching, permitted, typing } from './query';

interface Said {
  readonly startMs: number;
  readonly text: string;
}

/** The passages among the inner hits of a hit, in the order they are said. */
function passagesOf(innerHits: unknown): Said[] {
  const found = innerHits as { passages?: { hits?: { hits?: readonly { _source?: Said }[] } } } | undefined;
  return (found?.passages?.hits?.hits ?? [])
    .flatMap(({ _source }) => (_source ? [{ startMs: _source.startMs, text: _source.text }] : []))
    .sort((a, b) => a.startMs - b.startMs);
}

async function searchPage(client: Client, guard: Guard, viewer: Viewer, query: SearchQuery): Promise<SearchPage> {
  const by = filters(query);
  const { must, should } = matching(query.asked);
  const chosen = Object.values(by).flat();
  const { body } = await guard('search', () =>
    client.search({
      index: LIVE,
      body: {
        size: query.limit + 1,
        _source: false,
        track_total_hits: true,
        query: { bool: { must, should, filter: permitted(viewer) } },
        // After the facets: a choice doesn't take the counts of its siblings away.
        ...(chosen.length > 0 && { post_filter: { bool: { filter: chosen } } }),
        sort: [{ _score: { order: 'desc' } }, { videoId: { order: 'desc' } }],
        ...(query.after && { search_after: [query.after.score, query.after.videoId] }),
        aggs: facetsWithin(by),
      },
    }),
  );
  const { total, hits } = body.hits;
  return {
    hits: hits.map(({ sort, inner_hits }) => ({
      score: Number(sort?.[0] ?? 0),
      videoId: String(sort?.[1]),
      passages: passagesOf(inner_hits),
    })),
    total: typeof total === 'number' ? total : (total?.value ?? 0),
    facets: facetsOf(body.aggregations),
  };
}

const TAGS_AMONG_SUGGESTIONS = 3;

async function suggestions(
  client: Client,
  guard: Guard,
  viewer: Viewer,
  text: string,
  limit: number,
): Promise<Suggestion[]> {
  const words = wordsOf(text).slice(0, 8);
  if (words.length === 0) return [];
  const folded = words.join(' ');
  const { body } = await guard('suggest', () =>
    client.search({
      index: LIVE,
      body: {
        size: limit,
        _source: ['videoId', 'title'],
        query: {
          bool: {
            filter: permitted(viewer),
            should: [{ constant_score: { filter: { prefix: { foldedTitle: folded } }, boost: 1 } }],
          },
        },
        post_filter: { bool: { filter: typing('titleWords', words) } },
        sort: [{ _score: { order: 'desc' } }, { videoId: { order: 'desc' } }],
        aggs: {
          tags: {
            filter: { bool: { filter: typing('tagWords', words) } },
            aggs: { values: terms('tags', 200) },
          },
        },
      },
    }),
  );
  const begins = (tag: string) => wordsOf(tag).join(' ').startsWith(folded);
  const tags = facetOf(body.aggregations, 'tags')
    .map(({ value }) => value)
    .filter((tag) => ` ${wordsOf(tag).join(' ')}`.includes(` ${folded}`));
  const first = [...tags.filter(begins), ...tags.filter((tag) => !begins(tag))]
    .slice(0, Math.min(limit, TAGS_AMONG_SUGGESTIONS))
    .map((tag): Suggestion => ({ kind: 'tag', text: tag }));
  const titles = body.hits.hits.map(({ _source }): Suggestion => {
    const { videoId, title } = _source as { videoId: string; title: string };
    return { kind: 'title', text: title, videoId };
  });
  return [...first, ...titles.slice(0, limit - first.length)];
}

/** Search in OpenSearch, with the promises of the port. @throws DomainError `search.unavailable` */
export const createOpenSearch = (client: Client, guard: Guard): SearchIndex => ({
  search: (viewer, query) => searchPage(client, guard, viewer, query),
  suggest: (viewer, text, limit) => suggestions(client, guard, viewer, text, limit),
});
