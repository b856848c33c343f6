import { type Client, type Types } from '@opensearch-project/opensearch';
import { type Facet } from '@kinora/contracts-catalog';
import { type SearchIndex, type SearchPage, type SearchQuery, type Suggestion } from '../../domain/ports/search-index';
import { termsOf, wordsOf } from '../../domain/search/text';
import { type Viewer } from '../../domain/viewer';
import { ALIAS } from './index-definition';

type Query = Types.Common_QueryDsl.QueryContainer;

/** What a viewer may find; part of every query, and so of hits, counts and suggestions alike. */
function permitted({ userId, admin }: Viewer): Query[] {
  if (admin) return [];
  const listed: Query = {
    bool: { filter: [{ term: { visibility: 'public' } }, { terms: { status: ['playable', 'ready'] } }] },
  };
  if (userId === null) return [listed];
  return [{ bool: { should: [{ term: { ownerId: userId } }, listed], minimum_should_match: 1 } }];
}

/** Title first, then tags, then description; whole words above beginnings, those above guesses. */
const fields = [
  ['titleWords', 6],
  ['tagWords', 3],
  ['descriptionWords', 1],
] as const;

function termQuery(term: string): Query {
  const perField = fields.flatMap(([field, weight]): Query[] => [
    { term: { [field]: { value: term, boost: weight * 2 } } },
    { prefix: { [field]: { value: term, boost: weight } } },
  ]);
  // Four letters: one typo; eight: two (domain/search/text). Swapped neighbours count as one. As in Postgres, descriptions are not guessed at.
  const guesses = fields.slice(0, 2).map(([field, weight]): Query => ({
    fuzzy: { [field]: { value: term, fuzziness: 'AUTO:4,8', transpositions: true, boost: weight / 4 } },
  }));
  return { dis_max: { queries: [...perField, ...guesses] } };
}

function matching(text: string): { must: Query[]; should: Query[] } {
  const words = termsOf(text);
  const folded = words.join(' ');
  return {
    must: words.map(termQuery),
    should:
      words.length === 0
        ? []
        : [
            { constant_score: { filter: { term: { foldedTitle: folded } }, boost: 40 } },
            { constant_score: { filter: { prefix: { foldedTitle: folded } }, boost: 10 } },
          ],
  };
}

const filters = ({ tags, status, visibility }: SearchQuery) => ({
  tags: tags.map((tag): Query => ({ term: { tags: tag } })),
  status: status === undefined ? [] : [{ term: { status } } as Query],
  visibility: visibility === undefined ? [] : [{ term: { visibility } } as Query],
});

/** Counts of a field within the filters of the others. */
const facet = (field: string, others: readonly Query[], size: number) => ({
  filter: { bool: { filter: [...others] } },
  aggs: { values: terms(field, size) },
});

/** The library's type of this aggregation has lost its fields. */
const terms = (field: string, size: number): Types.Common_Aggregations.AggregationContainer =>
  ({
    terms: { field, size, order: [{ _count: 'desc' }, { _key: 'asc' }] },
  }) as Types.Common_Aggregations.AggregationContainer;

interface Buckets {
  readonly values?: { readonly buckets?: readonly { readonly key: string; readonly doc_count: number }[] };
}
const facetOf = (aggregations: unknown, name: string): Facet => {
  const found = (aggregations as Record<string, Buckets> | undefined)?.[name]?.values?.buckets ?? [];
  return found.map(({ key, doc_count }) => ({ value: key, count: doc_count }));
};

async function searchPage(client: Client, viewer: Viewer, query: SearchQuery): Promise<SearchPage> {
  const by = filters(query);
  const { must, should } = matching(query.text);
  const chosen = [...by.tags, ...by.status, ...by.visibility];
  const { body } = await client.search({
    index: ALIAS,
    body: {
      size: query.limit + 1,
      _source: false,
      track_total_hits: true,
      query: { bool: { must, should, filter: permitted(viewer) } },
      // After the facets: a choice doesn't take the counts of its siblings away.
      ...(chosen.length > 0 && { post_filter: { bool: { filter: chosen } } }),
      sort: [{ _score: { order: 'desc' } }, { videoId: { order: 'desc' } }],
      ...(query.after && { search_after: [query.after.score, query.after.videoId] }),
      aggs: {
        tags: facet('tags', [...by.status, ...by.visibility], 30),
        status: facet('status', [...by.tags, ...by.visibility], 10),
        visibility: facet('visibility', [...by.tags, ...by.status], 10),
      },
    },
  });
  const { total, hits } = body.hits;
  return {
    hits: hits.map(({ sort }) => ({ score: Number(sort?.[0] ?? 0), videoId: String(sort?.[1]) })),
    total: typeof total === 'number' ? total : (total?.value ?? 0),
    facets: {
      tags: facetOf(body.aggregations, 'tags'),
      status: facetOf(body.aggregations, 'status'),
      visibility: facetOf(body.aggregations, 'visibility'),
    },
  };
}

/** All words but the last are whole; the last is still being typed. */
const typed = (field: string, words: readonly string[]): Query[] =>
  words.map((word, n): Query => (n === words.length - 1 ? { prefix: { [field]: word } } : { term: { [field]: word } }));

const TAGS_AMONG_SUGGESTIONS = 3;

async function suggestions(client: Client, viewer: Viewer, text: string, limit: number): Promise<Suggestion[]> {
  const words = wordsOf(text).slice(0, 8);
  if (words.length === 0) return [];
  const folded = words.join(' ');
  const { body } = await client.search({
    index: ALIAS,
    body: {
      size: limit,
      _source: ['videoId', 'title'],
      query: {
        bool: {
          filter: permitted(viewer),
          should: [{ constant_score: { filter: { prefix: { foldedTitle: folded } }, boost: 1 } }],
        },
      },
      post_filter: { bool: { filter: typed('titleWords', words) } },
      sort: [{ _score: { order: 'desc' } }, { videoId: { order: 'desc' } }],
      aggs: {
        tags: {
          filter: { bool: { filter: typed('tagWords', words) } },
          aggs: { values: terms('tags', 200) },
        },
      },
    },
  });
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

/** Search in OpenSearch, with the promises of the port. */
export const createOpenSearch = (client: Client): SearchIndex => ({
  search: (viewer, query) => searchPage(client, viewer, query),
  suggest: (viewer, text, limit) => suggestions(client, viewer, text, limit),
});
