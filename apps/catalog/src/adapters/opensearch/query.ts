import { type Types } from '@opensearch-project/opensearch';
import { MOST_PASSAGES, type FacetName, type SearchQuery } from '../../domain/ports/search-index';
import { languages } from '../../domain/search/languages';
import { type ReadQuery, type Slot, type Term } from '../../domain/search/query';
import { type Viewer } from '../../domain/viewer';

export type Query = Types.Common_QueryDsl.QueryContainer;

/** Videos that a viewer may find; part of every query, and so of hits, counts and suggestions alike. */
export function permitted({ userId, admin }: Viewer): Query[] {
  const videos: Query = { term: { kind: 'video' } };
  if (admin) return [videos];
  const listed: Query = {
    bool: { filter: [{ term: { visibility: 'public' } }, { terms: { status: ['playable', 'ready'] } }] },
  };
  if (userId === null) return [videos, listed];
  return [videos, { bool: { should: [{ term: { ownerId: userId } }, listed], minimum_should_match: 1 } }];
}

/** Title first, then tags, then description; whole words above other forms, those above beginnings, those above guesses. */
const fields = [
  { words: 'titleWords', forms: 'titleForms', weight: 6, guessed: true },
  { words: 'tagWords', forms: 'tagForms', weight: 3, guessed: true },
  // As in Postgres, descriptions and transcripts are not guessed at.
  { words: 'descriptionWords', forms: 'descriptionForms', weight: 1, guessed: false },
] as const;

/** A word in all its forms, in whichever language: as it was written, and without its accents. */
const inForms = (field: string, { word, lower }: Term, boost: number): Query[] =>
  [...new Set([word, lower])].map((query) => ({
    multi_match: { query, fields: languages.map((language) => `${field}.${language}`), type: 'best_fields', boost },
  }));

function inVideo(term: Term): Query {
  const { word, typed } = term;
  return {
    dis_max: {
      queries: fields.flatMap(({ words, forms, weight, guessed }): Query[] => [
        { term: { [words]: { value: word, boost: weight * 2 } } },
        ...inForms(forms, term, weight * 1.5),
        ...(typed ? [{ prefix: { [words]: { value: word, boost: weight } } }] : []),
        // Four letters: one typo; eight: two (domain/search/text). Swapped neighbours count as one.
        ...(typed && guessed
          ? [{ fuzzy: { [words]: { value: word, fuzziness: 'AUTO:4,8', transpositions: true, boost: weight / 4 } } }]
          : []),
      ]),
    },
  };
}

const inPassage = (term: Term): Query => ({
  dis_max: {
    queries: [
      { term: { spokenWords: { value: term.word, boost: 2 } } },
      ...inForms('spoken', term, 1.5),
      ...(term.typed ? [{ prefix: { spokenWords: { value: term.word } } }] : []),
    ],
  },
});

function slotQuery({ ways }: Slot, termQuery: (term: Term) => Query): Query {
  const each = ways.map((way): Query => {
    const terms = way.map(termQuery);
    return terms.length === 1 && terms[0] ? terms[0] : { bool: { must: terms } };
  });
  return each.length === 1 && each[0] ? each[0] : { dis_max: { queries: each } };
}

/** All slots of a query that are not optional, in one document. */
const allSlots = ({ slots }: ReadQuery, termQuery: (term: Term) => Query): Query => ({
  bool: {
    must: slots.filter((slot) => !slot.optional).map((slot) => slotQuery(slot, termQuery)),
    should: slots.filter((slot) => slot.optional).map((slot) => slotQuery(slot, termQuery)),
  },
});

/** What is asked for: in the video's own texts, or in one passage of what is said in it. */
export function matching(asked: ReadQuery): { must: Query[]; should: Query[] } {
  if (asked.slots.length === 0) return { must: [], should: [] };
  const spoken: Query = {
    has_child: {
      type: 'passage',
      query: allSlots(asked, inPassage),
      score_mode: 'max',
      boost: 0.5,
      inner_hits: { name: 'passages', size: MOST_PASSAGES, _source: ['startMs', 'text'] },
    },
  };
  return {
    must: [{ bool: { should: [allSlots(asked, inVideo), spoken], minimum_should_match: 1 } }],
    should: [
      { constant_score: { filter: { term: { foldedTitle: asked.folded } }, boost: 40 } },
      { constant_score: { filter: { prefix: { foldedTitle: asked.folded } }, boost: 10 } },
    ],
  };
}

const single = (field: string, value: string | undefined): Query[] =>
  value === undefined ? [] : [{ term: { [field]: value } }];

export const filters = (query: SearchQuery): Record<FacetName, Query[]> => ({
  tags: query.tags.map((tag): Query => ({ term: { tags: tag } })),
  status: single('status', query.status),
  visibility: single('visibility', query.visibility),
  channel: single('channel', query.channelId),
  length: single('length', query.length),
});

/** All words but the last are whole; the last is still being typed. */
export const typing = (field: string, words: readonly string[]): Query[] =>
  words.map((word, n): Query => (n === words.length - 1 ? { prefix: { [field]: word } } : { term: { [field]: word } }));
