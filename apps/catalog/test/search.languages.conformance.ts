import { parseSynonyms } from '../src/domain/search/synonyms';
import { type SearchUnderTest, document, nobody, query } from './support/search';

/** Words in their forms, words that a search can do without, and words that mean the same. */
export function languageConformance(tested: () => SearchUnderTest): void {
  describe('in many languages', () => {
    // In descriptions nothing is guessed: only the forms of a word can find these.
    const described = [
      ['English', 'He was repairing several bicycles', 'repaired', 'reproach'],
      ['German', 'Wanderungen durch alte Wälder', 'wäldern', 'waldemar'],
      ['French', 'Il pleut continuellement', 'continuelles', 'contraire'],
      ['Spanish', 'Cantamos una canción', 'canciones', 'cancelar'],
      ['Italian', 'Una miniera abbandonata', 'abbandonare', 'abbonare'],
      ['Portuguese', 'Trabalhamos no campo', 'trabalhando', 'tratando'],
      ['Dutch', 'Lichamelijke oefeningen', 'lichamelijkheid', 'lichten'],
      ['Russian', 'Старые вагоны', 'вагонов', 'вагранка'],
    ] as const;
    const documents = described.map(([language, description]) => document(`Written in ${language}`, { description }));
    const one = document('A tandem for the Big Apple');

    beforeAll(() => tested().writer.put([...documents, one]));
    afterAll(async () => {
      for (const { videoId } of [...documents, one]) await tested().writer.remove(videoId, 2);
    });

    const titles = async (text: string, synonyms?: Parameters<typeof query>[2]) => {
      const { hits } = await tested().index.search(nobody, query(text, {}, synonyms));
      const byId = new Map([...documents, one].map(({ videoId, title }) => [videoId, title]));
      return hits.map(({ videoId }) => byId.get(videoId) ?? videoId);
    };

    it.each(described)('%s: "%s" is found by "%s", and not by "%s"', async (language, _, form, other) => {
      expect(await titles(form)).toEqual([`Written in ${language}`]);
      expect(await titles(form.normalize('NFD'))).toEqual([`Written in ${language}`]);
      expect(await titles(other)).toEqual([]);
    });

    it('does not miss the small words of a sentence', async () => {
      expect(await titles('where is the tandem for you')).toEqual(['A tandem for the Big Apple']);
      expect(await titles('wie komme ich an ein tandem')).toEqual([]);
      // Nothing else is asked for, so they are.
      expect(await titles('for the')).toEqual(['A tandem for the Big Apple']);
    });

    it('knows synonyms, of several words too, and only those it was given', async () => {
      const synonyms = parseSynonyms('tandem, twowheeler, velo; new york, nyc, big apple; film, movie');
      expect(await titles('velo', synonyms)).toEqual(['A tandem for the Big Apple']);
      expect(await titles('velo new york', synonyms)).toEqual(['A tandem for the Big Apple']);
      expect(await titles('new velo', synonyms)).toEqual([]);
      expect(await titles('velo')).toEqual([]);
      expect(await titles('velo movie', synonyms)).toEqual([]);
      expect(await titles('velo new york city', synonyms)).toEqual([]);
    });
  });
}
