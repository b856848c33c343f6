import { type SearchDocument, type SearchTranscript } from '../src/domain/ports/search-index';
import { type Language, languages } from '../src/domain/search/languages';
import { parseSynonyms } from '../src/domain/search/synonyms';
import { subjects } from './fixtures/relevance-corpus';
import { type Judged, RELEVANCE_SYNONYMS, judgements } from './fixtures/relevance-queries';
import { type SearchUnderTest, bob, document, query } from './support/search';

/** Goals for both indexes. One query of this set that finds nothing costs 0.018 of the mean. */
const GOALS = { ndcg5: 0.95, first: 0.93, found3: 0.96 };

const series: Readonly<Record<Language, string>> = {
  en: 'An episode of our weekly series. Subtitles are available.',
  de: 'Eine Folge unserer wöchentlichen Reihe. Mit Untertiteln.',
  fr: 'Un épisode de notre série hebdomadaire, avec sous-titres.',
  es: 'Un episodio de nuestra serie semanal, con subtítulos.',
  it: 'Una puntata della nostra serie settimanale, con sottotitoli.',
  pt: 'Um episódio da nossa série semanal, com legendas.',
  nl: 'Een aflevering van onze wekelijkse serie, met ondertitels.',
  ru: 'Выпуск нашей еженедельной серии, с субтитрами.',
};

const CHANNEL = 'chn_relevance';

/** A video for each subject in each language, all of one owner and private, so that other tests don't see them. */
function corpus(): ReadonlyMap<string, SearchDocument> {
  return new Map(
    Object.entries(subjects).flatMap(([subject, { titles, tag, about }]) =>
      languages.map((language) => [
        `${subject}/${language}`,
        document(titles[language], {
          ownerId: 'bob',
          visibility: 'private',
          channelId: CHANNEL,
          tags: [tag, language],
          description: language === 'en' ? `${about} ${series.en}` : series[language],
        }),
      ]),
    ),
  );
}

const dcg = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, place) => sum + (2 ** gain - 1) / Math.log2(place + 2), 0);

/** Normalised discounted cumulative gain of the first five: 1 when nothing could stand in a better order. */
export function ndcg5(found: readonly string[], wanted: Judged[1]): number {
  const ideal = Object.values(wanted).sort((a, b) => b - a);
  return dcg(found.slice(0, 5).map((key) => wanted[key] ?? 0)) / dcg(ideal.slice(0, 5));
}

/** A set of queries whose answers people have judged, with goals that an index must reach. */
export function relevanceConformance(tested: () => SearchUnderTest): void {
  describe('relevance', () => {
    const videos = corpus();
    const keyOf = new Map([...videos].map(([key, { videoId }]) => [videoId, key]));
    const synonyms = parseSynonyms(RELEVANCE_SYNONYMS);

    beforeAll(async () => {
      await tested().writer.put([...videos.values()]);
      await tested().writer.putTranscripts(
        Object.entries(subjects).flatMap(([subject, { said }]): SearchTranscript[] => {
          const videoId = videos.get(`${subject}/en`)?.videoId;
          if (!said || videoId === undefined) return [];
          const [second, text] = said;
          return [{ videoId, revision: 1, mostEver: 1, passages: [{ startMs: second * 1_000, text, language: 'en' }] }];
        }),
      );
    });
    afterAll(async () => {
      for (const { videoId } of videos.values()) await tested().writer.remove(videoId, 2);
    });

    it('measures itself: a good answer in the fifth place is worth less, a missing one nothing', () => {
      expect(ndcg5(['a'], { a: 3 })).toBe(1);
      expect(ndcg5(['x', 'x', 'x', 'x', 'a'], { a: 3 })).toBeCloseTo(1 / Math.log2(6));
      expect(ndcg5(['x', 'x', 'x', 'x', 'x', 'a'], { a: 3 })).toBe(0);
    });

    it('answers the judged queries as people expect', async () => {
      expect(videos.size).toBeGreaterThanOrEqual(100);
      expect(judgements.length).toBeGreaterThanOrEqual(40);
      const results: { text: string; found: string[]; ndcg: number; first: boolean; found3: boolean }[] = [];
      for (const [text, wanted] of judgements) {
        const { hits } = await tested().index.search(bob, query(text, { limit: 5, channelId: CHANNEL }, synonyms));
        const found = hits.slice(0, 5).map(({ videoId }) => keyOf.get(videoId) ?? videoId);
        const best = Object.entries(wanted).flatMap(([key, grade]) => (grade === 3 ? [key] : []));
        results.push({
          text,
          found,
          ndcg: ndcg5(found, wanted),
          first: best.includes(found[0] ?? ''),
          found3: found.slice(0, 3).some((key) => best.includes(key)),
        });
      }
      const share = (of: (one: (typeof results)[number]) => number | boolean): number =>
        results.reduce((sum, one) => sum + Number(of(one)), 0) / results.length;
      const reached = {
        ndcg5: share((one) => one.ndcg),
        first: share((one) => one.first),
        found3: share((one) => one.found3),
      };
      const missed = results.filter((one) => one.ndcg < 1).map(({ text, found }) => `${text}: ${found.join(', ')}`);
      const failed = Object.entries(GOALS).filter(([name, goal]) => reached[name as keyof typeof GOALS] < goal);
      expect({ failed, ...(failed.length > 0 && { reached, missed }) }).toEqual({ failed: [] });
    });
  });
}
