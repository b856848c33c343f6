import { type SearchTranscript, type SpokenPassage } from '../src/domain/ports/search-index';
import { type SearchUnderTest, ada, document, nobody, query } from './support/search';

const said = (startMs: number, text: string, language = 'en'): SpokenPassage => ({ startMs, text, language });

/** What is said in a video: found with the second to jump to, by nobody who may not find the video. */
export function passageConformance(tested: () => SearchUnderTest): void {
  describe('in transcripts', () => {
    const talk = document('A talk', { revision: 2 });
    const hidden = document('A talk in private', { revision: 2, visibility: 'private' });
    const mixed = document('Quasar pictures', { revision: 2 });
    const transcript = (videoId: string, revision: number, passages: SpokenPassage[], mostEver = passages.length) =>
      ({ videoId, revision, passages, mostEver }) satisfies SearchTranscript;
    const passages = [
      said(0, 'Welcome, everybody, to this evening.'),
      said(21_000, 'A pulsar is a neutron star that rotates.'),
      said(44_000, 'Neutron stars are small, and they spin quickly.'),
      said(65_000, 'Die Wälder brennen.', 'de'),
      said(90_000, 'Every neutron decays, some sooner.'),
      said(120_000, 'The neutron was found in 1932.'),
      said(150_000, 'Någonting helt annat.', 'sv'),
    ];

    beforeAll(async () => {
      await tested().writer.put([talk, hidden, mixed]);
      await tested().writer.putTranscripts([
        transcript(talk.videoId, 2, passages),
        transcript(hidden.videoId, 2, [said(1_000, 'The pulsar is our secret, called mumblecore.')]),
        transcript(mixed.videoId, 2, [said(5_000, 'A quasar is no pulsar.')]),
      ]);
    });
    afterAll(async () => {
      for (const { videoId } of [talk, hidden, mixed]) await tested().writer.remove(videoId, 100);
    });

    const search = (text: string, viewer = nobody) => tested().index.search(viewer, query(text));
    const starts = async (text: string, videoId = talk.videoId) =>
      (await search(text)).hits.find((hit) => hit.videoId === videoId)?.passages.map(({ startMs }) => startMs);

    it('says where to jump to, and what is said there', async () => {
      const page = await search('neutron rotates');
      expect(page.total).toBe(1);
      expect(page.hits).toEqual([
        expect.objectContaining({
          videoId: talk.videoId,
          passages: [{ startMs: 21_000, text: 'A pulsar is a neutron star that rotates.' }],
        }),
      ]);
    });

    it.each([
      ['the beginning of a word', 'rotat', [21_000]],
      ['other forms in the language of the passage', 'rotating', [21_000]],
      ['its language, not only English', 'wäldern', [65_000]],
      ['a language without stemmer', 'någonting', [150_000]],
      ['no accents', 'nagonting', [150_000]],
      ['small words need not be said', 'when was the neutron found', [120_000]],
    ])('is found by %s: %s', async (_, text, expected) => expect(await starts(text)).toEqual(expected));

    it('shows three places at most, the best, in the order they are said', async () => {
      const found = (await starts('neutron')) ?? [];
      expect(found).toHaveLength(3);
      expect(found).toEqual([...found].sort((a, b) => a - b));
    });

    it('wants all words in one passage, and guesses at none', async () => {
      expect((await search('pulsar decays')).total).toBe(0);
      expect((await search('neurton')).total).toBe(0);
    });

    it('counts a video once, ranks its title above what is said, and shows passages beside a title that matches', async () => {
      const page = await search('pulsar');
      expect(page.hits.map(({ videoId }) => videoId).sort()).toEqual([talk.videoId, mixed.videoId].sort());
      expect(page.total).toBe(2);
      expect((await search('quasar')).hits[0]?.passages).toEqual([{ startMs: 5_000, text: 'A quasar is no pulsar.' }]);
      const named = document('Neutron');
      await tested().writer.put([named]);
      expect((await search('neutron')).hits[0]?.videoId).toBe(named.videoId);
      await tested().writer.remove(named.videoId, 2);
    });

    it('asks of the video who may find it, also when that changes', async () => {
      expect((await search('mumblecore')).total).toBe(0);
      expect((await search('mumblecore', ada)).hits[0]?.passages).toHaveLength(1);
      await tested().writer.put([{ ...hidden, visibility: 'public', revision: 3 }]);
      expect((await search('mumblecore')).total).toBe(1);
      await tested().writer.put([{ ...hidden, revision: 4 }]);
      expect((await search('mumblecore')).total).toBe(0);
    });

    it('never shows passages as videos, to admins neither', async () => {
      const { total } = await tested().index.search({ userId: 'root', admin: true }, query('mumblecore'));
      expect(total).toBe(1);
      const all = await tested().index.search({ userId: 'root', admin: true }, query('', { limit: 100 }));
      expect(new Set(all.hits.map(({ videoId }) => videoId)).size).toBe(all.hits.length);
    });

    it('replaces a transcript by a shorter one, and forgets it with the video', async () => {
      const one = document('Edited later', { revision: 2 });
      await tested().writer.put([one]);
      const long = transcript(one.videoId, 2, [said(0, 'alpha zyzzyva'), said(1_000, 'beta zyzzyva')]);
      await tested().writer.putTranscripts([long]);
      expect(await starts('zyzzyva', one.videoId)).toEqual([0, 1_000]);
      await tested().writer.putTranscripts([transcript(one.videoId, 3, [said(7_000, 'gamma zyzzyva')], 2)]);
      expect(await starts('zyzzyva', one.videoId)).toEqual([7_000]);
      expect((await search('beta zyzzyva')).total).toBe(0);
      await tested().writer.remove(one.videoId, 4);
      expect((await search('zyzzyva')).total).toBe(0);
    });
  });
}
