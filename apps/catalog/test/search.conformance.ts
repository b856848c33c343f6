import { type VideoStatus, type Visibility } from '@kinora/contracts-catalog';
import { type SearchQuery } from '../src/domain/ports/search-index';
import { languageConformance } from './search.languages.conformance';
import { passageConformance } from './search.passages.conformance';
import { relevanceConformance } from './search.relevance.conformance';
import { type SearchUnderTest, ada, bob, document, nobody, query, root } from './support/search';

/** What every search index promises (domain/ports/search-index). */
export function searchConformance(name: string, start: () => Promise<SearchUnderTest>): void {
  describe(`search in ${name}`, () => {
    let tested: SearchUnderTest;
    const documents = {
      holiday: document('Summer Holiday', { tags: ['travel', 'beach'], description: 'Two weeks by the ocean.' }),
      mountain: document('Mountain hike in the Alps', { tags: ['travel', 'hiking'] }),
      cooking: document('Cooking a Käse-Fondue', {
        tags: ['food'],
        description: 'Cheese from the Alps, and a holiday mood.',
      }),
      private: document('Holiday secret', { visibility: 'private', tags: ['travel', 'canaryword'] }),
      unlisted: document('Holiday unlisted', { visibility: 'unlisted', tags: ['travel'] }),
      unfinished: document('Holiday to come', { status: 'processing', tags: ['travel'] }),
      bobs: document('Bob’s own holiday', { ownerId: 'bob', visibility: 'private', tags: ['travel'] }),
    };
    const nameOf = new Map(Object.entries(documents).map(([key, one]) => [one.videoId, key]));

    beforeAll(async () => {
      tested = await start();
      await tested.writer.put(Object.values(documents));
    });
    afterAll(() => tested.close());

    languageConformance(() => tested);
    passageConformance(() => tested);
    relevanceConformance(() => tested);

    const search = (text: string, viewer = nobody, more: Partial<SearchQuery> = {}) =>
      tested.index.search(viewer, query(text, more));
    const found = async (...args: Parameters<typeof search>) =>
      (await search(...args)).hits.map(({ videoId }) => nameOf.get(videoId) ?? videoId);

    it.each([
      ['a whole word', 'holiday', ['holiday', 'cooking']],
      ['the beginning of a word', 'holi', ['holiday', 'cooking']],
      ['words in any case', 'SUMMER HOLIDAY', ['holiday']],
      ['without accents what has them', 'kase fondue', ['cooking']],
      ['with accents what has none', 'súmmer', ['holiday']],
      ['a tag', 'hiking', ['mountain']],
      ['words of the description', 'ocean', ['holiday']],
      ['words of different fields', 'holiday beach', ['holiday']],
      ['a letter left out', 'sumer', ['holiday']],
      ['a letter too many', 'fonduee', ['cooking']],
      ['a wrong letter', 'mointain', ['mountain']],
      ['swapped letters', 'fonude', ['cooking']],
      ['two typos in a long word', 'moutnian', ['mountain']],
      ['typos in title and tags only', 'alts', ['mountain']],
    ])('finds %s: %s', async (_, text, expected) => expect(await found(text)).toEqual(expected));

    it.each([
      ['all terms must match', 'holiday fondue pizza'],
      ['a word of three letters is wrong', 'alt'],
      ['marks alone are no words', 'zzz "!&|:*<->\\\''],
    ])('finds nothing when %s', async (_, text) => expect(await found(text)).toEqual([]));

    it('takes operators and quotes for what they are', async () => {
      for (const text of [`holiday' | 'x`, 'holiday & !summer', 'holiday:*', '"holiday"', '%holiday_', 'holiday\\'])
        await expect(search(text)).resolves.toBeDefined();
      expect(await found(`"summer" & holiday:*`)).toEqual(['holiday']);
    });

    it('ranks title above description, and the exact title first', async () => {
      const [exact, longer, late] = ['Zebra', 'Zebra crossing at night', 'A film'].map((title) =>
        document(title, { description: title === 'A film' ? 'With a zebra' : '' }),
      );
      if (!exact || !longer || !late) throw new Error();
      await tested.writer.put([exact, longer, late]);
      const ids = (await search('zebra')).hits.map((hit) => hit.videoId);
      expect(ids).toEqual([exact, longer, late].map((one) => one.videoId));
      for (const one of [exact, longer, late]) await tested.writer.remove(one.videoId, 2);
    });

    it('shows to each only what they may find: hits, totals, facets and suggestions', async () => {
      expect((await found('holiday', ada)).sort()).toEqual(['cooking', 'holiday', 'private', 'unfinished', 'unlisted']);
      expect((await found('holiday', bob)).sort()).toEqual(['bobs', 'cooking', 'holiday']);
      expect(await found('holiday', root)).toHaveLength(6);
      expect((await search('holiday', bob)).total).toBe(3);
      for (const viewer of [nobody, bob]) {
        const page = await search('', viewer);
        expect(page.facets.tags.map(({ value }) => value)).not.toContain('canaryword');
        expect(page.facets.visibility.map(({ value }) => value)).not.toContain('unlisted');
        expect(await tested.index.suggest(viewer, 'canary', 10)).toEqual([]);
        expect(await tested.index.suggest(viewer, 'holiday sec', 10)).toEqual([]);
        expect(await found('canaryword', viewer)).toEqual([]);
        expect(await found('canarywrod', viewer)).toEqual([]);
      }
      expect(await tested.index.suggest(ada, 'canary', 10)).toEqual([{ kind: 'tag', text: 'canaryword' }]);
    });

    it('browses newest first when nothing is asked', async () => {
      expect(await found('')).toEqual(['cooking', 'mountain', 'holiday']);
    });

    it('narrows by tags, status and visibility, and keeps the counts of the siblings', async () => {
      expect(await found('', ada, { tags: ['travel', 'beach'] })).toEqual(['holiday']);
      const page = await search('', ada, { tags: ['travel'], visibility: 'public' });
      expect(page.hits.map(({ videoId }) => nameOf.get(videoId))).toEqual(['unfinished', 'mountain', 'holiday']);
      expect(page.total).toBe(3);
      const counts = (facet: readonly { value: string; count: number }[]) =>
        Object.fromEntries(facet.map(({ value, count }) => [value, count]));
      expect(counts(page.facets.visibility)).toEqual({ public: 3, private: 1, unlisted: 1 });
      expect(counts(page.facets.tags)).toEqual({ travel: 3, beach: 1, hiking: 1, food: 1 });
      expect(counts(page.facets.status)).toEqual({ ready: 2, processing: 1 });
      const processing: VideoStatus = 'processing';
      expect(await found('', ada, { status: processing })).toEqual(['unfinished']);
      const unlisted: Visibility = 'unlisted';
      expect(await found('', nobody, { visibility: unlisted })).toEqual([]);
    });

    it('counts and narrows by channel and length', async () => {
      const own = { tags: ['shelved'] };
      const [one, two, three] = [
        document('One', { ...own, channelId: 'chn_a', length: 'short' }),
        document('Two', { ...own, channelId: 'chn_a', length: 'long' }),
        document('Three', { ...own, channelId: 'chn_b', length: 'long' }),
        document('Four', own),
      ] as const;
      const all = [one, two, three];
      await tested.writer.put(all);
      const page = await search('shelved', nobody, { channelId: 'chn_a' });
      expect(page.hits.map(({ videoId }) => videoId)).toEqual([two.videoId, one.videoId]);
      expect(page.facets.channel).toEqual([
        { value: 'chn_a', count: 2 },
        { value: 'chn_b', count: 1 },
      ]);
      expect(page.facets.length).toEqual([
        { value: 'long', count: 1 },
        { value: 'short', count: 1 },
      ]);
      expect((await search('shelved', nobody, { channelId: 'chn_a', length: 'long' })).total).toBe(1);
      for (const { videoId } of all) await tested.writer.remove(videoId, 2);
    });

    it('pages through all hits, each once', async () => {
      const many = Array.from({ length: 25 }, (_, n) => document(`Paging ${n % 3 === 0 ? 'paging' : 'film'} ${n}`));
      await tested.writer.put(many);
      const seen: string[] = [];
      let after: SearchQuery['after'];
      for (;;) {
        const { hits, total } = await search('paging', nobody, { limit: 4, after });
        expect(total).toBe(25);
        // One more than asked for says that there is more. A cursor travels as JSON.
        seen.push(...hits.slice(0, 4).map((hit) => hit.videoId));
        after = JSON.parse(JSON.stringify(hits[3] ?? null)) as SearchQuery['after'];
        if (hits.length <= 4) break;
      }
      expect(seen).toHaveLength(25);
      expect(new Set(seen)).toEqual(new Set(many.map((one) => one.videoId)));
      for (const one of many) await tested.writer.remove(one.videoId, 2);
    });

    it('suggests titles and tags that go on like what was typed', async () => {
      const suggest = (text: string) => tested.index.suggest(nobody, text, 5);
      expect(await suggest('trav')).toEqual([{ kind: 'tag', text: 'travel' }]);
      expect(await suggest('mount')).toEqual([
        { kind: 'title', text: 'Mountain hike in the Alps', videoId: documents.mountain.videoId },
      ]);
      expect(await suggest('hik')).toEqual([
        { kind: 'tag', text: 'hiking' },
        { kind: 'title', text: 'Mountain hike in the Alps', videoId: documents.mountain.videoId },
      ]);
      expect(await suggest('kase-f')).toMatchObject([{ kind: 'title', text: 'Cooking a Käse-Fondue' }]);
      expect(await suggest('mountain hike in the a')).toHaveLength(1);
      expect(await suggest('?!')).toEqual([]);
      expect(await tested.index.suggest(nobody, 'h', 1)).toHaveLength(1);
    });

    it('never lets an older revision overwrite a newer one, and forgets what is removed', async () => {
      const one = document('Revision two', { revision: 2, tags: ['versioned'] });
      await tested.writer.put([one]);
      await tested.writer.put([{ ...one, title: 'Revision one', revision: 1 }]);
      expect(await found('versioned revision two')).toHaveLength(1);
      await tested.writer.put([{ ...one, title: 'Renamed', revision: 3 }]);
      expect(await found('revision')).toEqual([]);
      expect(await found('renamde')).toHaveLength(1);
      await tested.writer.remove(one.videoId, 4);
      await tested.writer.remove(one.videoId, 4);
      expect(await found('versioned')).toEqual([]);
      expect(await tested.index.suggest(nobody, 'versioned', 5)).toEqual([]);
    });

    it('takes long and strange texts', async () => {
      const strange = document(`日本語のタイトル ${'x'.repeat(150)}`, {
        description: `${'word '.repeat(1_900)}emoji 🎬 end'; drop table`,
        tags: ['日本', "it's"],
      });
      await tested.writer.put([strange]);
      expect(await found('日本')).toEqual([strange.videoId]);
      expect(await found('end drop')).toEqual([strange.videoId]);
      await expect(search('a '.repeat(100))).resolves.toBeDefined();
      await tested.writer.remove(strange.videoId, 2);
    });
  });
}
