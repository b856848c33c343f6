import { type Facet } from '@kinora/contracts-catalog';
import { type Database, type Knex } from '@kinora/database';
import {
  type FacetName,
  MOST_PASSAGES,
  type SearchIndex,
  type SearchPage,
  type SearchQuery,
  type Suggestion,
  facetNames,
} from '../../../domain/ports/search-index';
import { wordsOf } from '../../../domain/search/text';
import { type Viewer } from '../../../domain/viewer';
import { type MatchQuery, matchQueryOf } from './terms';

/** A piece of SQL with its values; only `?` and fixed text in the SQL. */
interface Sql {
  readonly sql: string;
  readonly values: readonly Knex.RawBinding[];
}
const all: Sql = { sql: 'true', values: [] };
const and = (...parts: readonly Sql[]): Sql => ({
  sql: parts.map((part) => `(${part.sql})`).join(' and '),
  values: parts.flatMap((part) => part.values),
});

/** What a viewer may find; a part of every query here. */
function permitted({ userId, admin }: Viewer): Sql {
  if (admin) return all;
  const listed = "visibility = 'public' and status in ('playable', 'ready')";
  return userId === null ? { sql: listed, values: [] } : { sql: `owner_id = ? or (${listed})`, values: [userId] };
}

/** Documents to choose from, with how well a passage of their transcripts answers; all of them when nothing is asked. */
const matching = (match: MatchQuery | null): Sql =>
  match
    ? {
        sql: `search_documents join (
            select video_id, max(said) as said from (
              select video_id, 0::float8 as said from search_documents where words @@ ?::tsquery
              union all
              select video_id, ts_rank(words, ?::tsquery)::float8 from search_passages where words @@ ?::tsquery
            ) as matches group by video_id) as matched using (video_id)`,
        values: [match.loose, match.any, match.loose],
      }
    : { sql: 'search_documents', values: [] };

const filters = ({ tags, status, visibility, channelId, length }: SearchQuery): Record<FacetName, Sql> => ({
  tags: tags.length > 0 ? { sql: 'tags @> ?::text[]', values: [[...tags]] } : all,
  status: status === undefined ? all : { sql: 'status = ?', values: [status] },
  visibility: visibility === undefined ? all : { sql: 'visibility = ?', values: [visibility] },
  channel: channelId === undefined ? all : { sql: 'channel_id = ?', values: [channelId] },
  length: length === undefined ? all : { sql: 'length = ?', values: [length] },
});

/** How good a match is: whole words count more than beginnings, forms and guesses, the title more than tags, description and transcript, its beginning most. */
const scoreOf = (match: MatchQuery | null): Sql =>
  match
    ? {
        sql: `(ts_rank('{0.1,0.2,0.6,1}', words, ?::tsquery) + 2 * ts_rank('{0.1,0.2,0.6,1}', words, ?::tsquery) + said
          + case when folded_title = ? then 4 when folded_title like ? then 1 else 0 end)::float8`,
        values: [match.any, match.exact, match.folded, `${match.folded}%`],
      }
    : { sql: '0::float8', values: [] };

async function hitsOf(
  trx: Knex.Transaction,
  where: Sql,
  match: MatchQuery | null,
  { limit, after }: SearchQuery,
): Promise<{ videoId: string; score: number }[]> {
  const score = scoreOf(match);
  const from = matching(match);
  const position: Sql = after
    ? { sql: '(score, video_id) < (?::float8, ?)', values: [after.score, after.videoId] }
    : all;
  const found = await trx.raw<{ rows: { video_id: string; score: number }[] }>(
    `select video_id, score from (select video_id, ${score.sql} as score from ${from.sql} where ${where.sql}) hits
      where ${position.sql} order by score desc, video_id desc limit ?`,
    [...score.values, ...from.values, ...where.values, ...position.values, limit + 1],
  );
  return found.rows.map(({ video_id, score }) => ({ videoId: video_id, score }));
}

async function passagesOf(
  trx: Knex.Transaction,
  videoIds: readonly string[],
  match: MatchQuery | null,
): Promise<ReadonlyMap<string, { startMs: number; text: string }[]>> {
  if (!match || videoIds.length === 0) return new Map();
  const { rows } = await trx.raw<{ rows: { video_id: string; start_ms: number; text: string }[] }>(
    `select video_id, start_ms, text from (
       select video_id, n, start_ms, text,
           row_number() over (partition by video_id order by ts_rank(words, ?::tsquery) desc, n) as place
         from search_passages where video_id = any(?::text[]) and words @@ ?::tsquery) as best
      where place <= ? order by video_id, n`,
    [match.any, [...videoIds], match.loose, MOST_PASSAGES],
  );
  return new Map(
    [...Map.groupBy(rows, (row) => row.video_id)].map(([videoId, said]) => [
      videoId,
      said.map(({ start_ms, text }) => ({ startMs: start_ms, text })),
    ]),
  );
}

const columns = { visibility: 'visibility', status: 'status', channel: 'channel_id', length: 'length' } as const;

async function countsOf(
  trx: Knex.Transaction,
  base: Sql,
  match: MatchQuery | null,
  query: SearchQuery,
): Promise<Pick<SearchPage, 'total' | 'facets'>> {
  const by = filters(query);
  const total = and(...Object.values(by));
  const others = (name: FacetName): Sql =>
    and(...facetNames.filter((other) => other !== name).map((other) => by[other]));
  const from = matching(match);
  const single = Object.entries(columns).map(([name, column]): Sql => {
    const where = others(name as FacetName);
    return {
      sql: `select '${name}', ${column}, count(*)::int from base where ${column} is not null and ${where.sql} group by ${column}`,
      values: where.values,
    };
  });
  const tags = others('tags');
  const { rows } = await trx.raw<{ rows: { facet: string; value: string; count: number }[] }>(
    `with base as materialized (select visibility, status, channel_id, length, tags from ${from.sql} where ${base.sql})
     select 'total' as facet, '' as value, count(*)::int as count from base where ${total.sql}
     ${single.map(({ sql }) => `union all ${sql}`).join(' ')}
     union all (select 'tags', tag, count(*)::int from base, unnest(tags) as tag where ${tags.sql}
       group by tag order by tag = any(?::text[]) desc, count(*) desc, tag limit 30)`,
    [
      ...from.values,
      ...base.values,
      ...total.values,
      ...single.flatMap(({ values }) => values),
      ...tags.values,
      [...query.tags],
    ],
  );
  const facet = (name: FacetName): Facet =>
    rows
      .filter((row) => row.facet === name)
      .map(({ value, count }) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return {
    total: rows.find((row) => row.facet === 'total')?.count ?? 0,
    facets: {
      tags: facet('tags'),
      status: facet('status'),
      visibility: facet('visibility'),
      channel: facet('channel'),
      length: facet('length'),
    },
  };
}

async function suggestTags(db: Knex, allowed: Sql, words: readonly string[], limit: number): Promise<Suggestion[]> {
  const folded = words.join(' ');
  const { rows } = await db.raw<{ rows: { tag: string }[] }>(
    `select tag from (select unnest(tags) as tag, unnest(folded_tags) as folded from search_documents
       where (${allowed.sql}) and words @@ ?::tsquery) as one
      where folded like ? or folded like ? group by tag order by bool_or(folded like ?) desc, count(*) desc, tag limit ?`,
    [...allowed.values, prefixQuery(words, 'B'), `${folded}%`, `% ${folded}%`, `${folded}%`, limit],
  );
  return rows.map(({ tag }) => ({ kind: 'tag', text: tag }));
}

async function suggestTitles(db: Knex, allowed: Sql, words: readonly string[], limit: number): Promise<Suggestion[]> {
  const { rows } = await db.raw<{ rows: { video_id: string; title: string }[] }>(
    `select video_id, title from search_documents where (${allowed.sql}) and words @@ ?::tsquery
      order by folded_title like ? desc, video_id desc limit ?`,
    [...allowed.values, prefixQuery(words, 'A'), `${words.join(' ')}%`, limit],
  );
  return rows.map(({ video_id, title }) => ({ kind: 'title', text: title, videoId: video_id }));
}

/** All but the last word are whole; the last is still being typed. */
const prefixQuery = (words: readonly string[], weight: 'A' | 'B'): string =>
  words.map((word, n) => `'${word}':${n === words.length - 1 ? '*' : ''}${weight}`).join(' & ');

/** At most this many tags stand before the titles. */
const TAGS_AMONG_SUGGESTIONS = 3;

/** Search in Postgres: tsvector for words and their beginnings, deletes and pg_trgm for typos. */
export const createPostgresSearch = (db: Pick<Database, 'reader'>): SearchIndex => ({
  search: (viewer, query) =>
    db.reader.transaction(
      async (trx) => {
        const match = await matchQueryOf(trx, query.asked);
        const allowed = permitted(viewer);
        const hits = await hitsOf(trx, and(allowed, ...Object.values(filters(query))), match, query);
        const passages = await passagesOf(
          trx,
          hits.map(({ videoId }) => videoId),
          match,
        );
        return {
          hits: hits.map((hit) => ({ ...hit, passages: passages.get(hit.videoId) ?? [] })),
          ...(await countsOf(trx, allowed, match, query)),
        };
      },
      { readOnly: true, isolationLevel: 'repeatable read' },
    ),
  async suggest(viewer, text, limit) {
    const words = wordsOf(text)
      .slice(0, 8)
      .map((word) => word.slice(0, 64));
    if (words.length === 0) return [];
    const allowed = permitted(viewer);
    const tags = await suggestTags(db.reader, allowed, words, Math.min(limit, TAGS_AMONG_SUGGESTIONS));
    const titles = await suggestTitles(db.reader, allowed, words, limit - tags.length);
    return [...tags, ...titles];
  },
});
