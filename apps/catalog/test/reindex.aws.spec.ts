import { createLogger } from '@kinora/service';
import { backend, eventually } from '@kinora/testing';
import { type Client } from '@opensearch-project/opensearch';
import { IndexMissing } from '../src/adapters/opensearch/bulk';
import { DEFINITION, LIVE, NEXT, isCurrent } from '../src/adapters/opensearch/definition';
import { startKeeper } from '../src/adapters/opensearch/keeper';
import { createOpenSearch } from '../src/adapters/opensearch/open-search';
import { createOpenSearchWriter } from '../src/adapters/opensearch/writer';
import { type SearchDocument, type SearchSource, type SearchTranscript } from '../src/domain/ports/search-index';
import { loadCatalogConfig } from '../src/config';
import { reindex } from '../src/reindex';
import { connectTo, emptyOpenSearch, patientGuard, rebuildFrom } from './support/open-search';
import { startPlatform } from './support/platform';
import { document, nobody, query } from './support/search';

const { url } = backend('opensearch');

/** A record in memory, read in pages as the database is. `between` runs before each page. */
function recordOf(videos: Map<string, SearchDocument>, spoken: SearchTranscript[] = []) {
  const hooks: { between: (page: number) => Promise<unknown> } = { between: async () => undefined };
  let pages = 0;
  const source: SearchSource = {
    async page(after = '', limit) {
      await hooks.between(pages++);
      const documents = [...videos.values()]
        .filter(({ videoId }) => videoId > after)
        .sort((a, b) => (a.videoId < b.videoId ? -1 : 1))
        .slice(0, limit);
      const ids = new Set(documents.map(({ videoId }) => videoId));
      return { documents, transcripts: spoken.filter(({ videoId }) => ids.has(videoId)) };
    },
    find: async () => undefined,
  };
  return { source, hooks };
}

const many = (count: number): Map<string, SearchDocument> =>
  new Map(
    Array.from({ length: count }, (_, n) => document(`Reindexed ${n}`)).map((one) => [one.videoId, one] as const),
  );

describe('building an index anew', () => {
  let client: Client;
  const guard = patientGuard();
  beforeEach(async () => (client = await emptyOpenSearch(url)));
  afterEach(() => client.close());

  const live = async (): Promise<string[]> => Object.keys((await client.indices.getAlias({ name: LIVE })).body);
  const ours = async (): Promise<string[]> => Object.keys((await client.indices.get({ index: `${LIVE}-*` })).body);
  const total = async (text: string) =>
    (await createOpenSearch(client, guard).search(nobody, query(text, { limit: 1 }))).total;

  it('loses no search and no change: those of the meantime are in the new index, what was deleted is not', async () => {
    const videos = many(650);
    const { source, hooks } = recordOf(videos);
    expect(await rebuildFrom(client, source)).toBe(650);
    const [first] = await live();

    // Searches go on all the time, and always find everything that was there before.
    const index = createOpenSearch(client, guard);
    const seen: number[] = [];
    let done = false;
    const searching = (async () => {
      while (!done) seen.push((await index.search(nobody, query('reindexed', { limit: 1 }))).total);
    })();
    const writer = createOpenSearchWriter(client, guard, { refresh: true });
    const [renamed, deleted] = [...videos.values()];
    const added = document('Added meanwhile');
    // The second build reads pages as they were before these changes, and writes them after.
    const stale = [...videos.values()];
    hooks.between = async () => {
      hooks.between = async () => undefined;
      if (!renamed || !deleted) return;
      await writer.put([{ ...renamed, title: 'Reindexed but renamed', revision: 2 }, added]);
      await writer.remove(deleted.videoId, 2);
    };
    await rebuildFrom(client, {
      ...source,
      page: async (after = '', limit) => {
        await hooks.between(0);
        return { documents: stale.filter(({ videoId }) => videoId > after).slice(0, limit), transcripts: [] };
      },
    });
    done = true;
    await searching;

    expect(seen.length).toBeGreaterThan(3);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(649);
    expect(await total('reindexed')).toBe(649);
    expect(await total('reindexed renamed')).toBe(1);
    expect(await total('added meanwhile')).toBe(1);
    const after = await live();
    expect(after).toHaveLength(1);
    expect(after[0]).not.toBe(first);
    expect(await ours()).toEqual(after);
  });

  it('can be killed in the middle, and run again', async () => {
    const videos = many(450);
    const { source, hooks } = recordOf(videos);
    await rebuildFrom(client, source);
    const before = await live();
    const killed = new AbortController();
    hooks.between = async () => killed.abort(new Error('killed'));
    await expect(rebuildFrom(client, source, { signal: killed.signal })).rejects.toThrow('killed');
    expect(await live()).toEqual(before);
    expect(await ours()).toHaveLength(2);
    expect(await total('reindexed')).toBe(450);

    hooks.between = async () => undefined;
    await rebuildFrom(client, source);
    expect(await ours()).toEqual(await live());
    expect(await live()).not.toEqual(before);
    expect(await total('reindexed')).toBe(450);
  });

  it('gives way to another build that has taken its place', async () => {
    const { source, hooks } = recordOf(many(10));
    hooks.between = async () => {
      hooks.between = async () => undefined;
      await rebuildFrom(client, source);
    };
    await expect(rebuildFrom(client, source)).rejects.toThrow(IndexMissing);
    expect(await live()).toHaveLength(1);
    expect(await total('reindexed')).toBe(10);
  });

  it('is done by the keeper when the definition has changed, and only then', async () => {
    const old = `${LIVE}-00000000-older`;
    await client.indices.create({ index: old, body: { aliases: { [LIVE]: {} } } });
    const { source } = recordOf(many(3));
    let builds = 0;
    const keeper = startKeeper({
      client,
      rebuild: (signal) => (builds++, rebuildFrom(client, source, { signal })),
      exclusively: async (work) => (await work(), true),
      logger: createLogger('test', 'silent'),
      everyMs: 20,
    });
    await eventually(async () => (await live()).every(isCurrent), { timeoutMs: 60_000 });
    await eventually(() => builds === 1);
    await eventually(async () => (await ours()).join() === (await live()).join());

    // A newer version is rolled out: no building in turns.
    await client.indices.create({ index: old });
    const replace = { remove: { index: `${LIVE}-${DEFINITION}-*`, alias: LIVE } };
    await client.indices.updateAliases({ body: { actions: [replace, { add: { index: old, alias: LIVE } }] } });
    for (let n = 0; n < 10; n++) expect(await live()).toEqual([old]);
    expect(builds).toBe(1);
    // But one that is lost is built again.
    await client.indices.delete({ index: `${LIVE}-*` });
    await eventually(async () => (await live()).every(isCurrent), { timeoutMs: 60_000 });
    await keeper.close();
    expect(builds).toBe(2);
    expect((await live())[0]).toContain(DEFINITION);
  });

  it('keeps what is deleted deleted, however late an older write comes', async () => {
    const one = document('Erased for good', { revision: 1 });
    const transcript = { videoId: one.videoId, revision: 1, mostEver: 1 };
    const spoken: SearchTranscript = {
      ...transcript,
      passages: [{ startMs: 0, text: 'erased words', language: 'en' }],
    };
    await rebuildFrom(client, recordOf(new Map([[one.videoId, one]]), [spoken]).source);
    // OpenSearch forgets deletions at once.
    await client.indices.putSettings({ index: LIVE, body: { index: { gc_deletes: '0s' } } });
    const writer = createOpenSearchWriter(client, guard, { refresh: true });
    expect(await total('erased')).toBe(1);
    await writer.remove(one.videoId, 2);
    await writer.put([one]);
    await writer.putTranscripts([spoken]);
    expect(await total('erased')).toBe(0);
  });

  it('takes a transcript that comes late for what it is', async () => {
    const one = document('Retold', { revision: 1 });
    await rebuildFrom(client, recordOf(new Map([[one.videoId, one]])).source);
    const writer = createOpenSearchWriter(client, guard, { refresh: true });
    const said = (text: string) => ({ startMs: 0, text, language: 'en' });
    const { videoId } = one;
    const newer = { videoId, revision: 3, mostEver: 2, passages: [said('shorter story')] };
    await writer.putTranscripts([newer]);
    await writer.putTranscripts([
      { videoId, revision: 2, mostEver: 2, passages: [said('old story'), said('the end')] },
    ]);
    expect(await total('story')).toBe(1);
    expect(await total('old story')).toBe(0);
    expect(await total('end')).toBe(0);
  });
});

it('is a command: it builds the index from the database while the service runs', async () => {
  await (await emptyOpenSearch(url)).close();
  await using platform = await startPlatform({ OPENSEARCH_URL: url });
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const { id: videoId } = await owner.createVideo({ body: { title: 'In the record' } });
  const service = platform.as({ token: await platform.identity.service('transcode') });
  const passages = [{ startMs: 61_500, endMs: 80_000, text: 'A word about wombats.', language: 'en' }];
  await service.putPassages({ params: { videoId }, body: { passages } });
  const hits = async (q: string) => (await owner.search({ query: { q } })).items;
  await eventually(async () => (await hits('wombat')).length === 1, { timeoutMs: 60_000 });

  const client = await connectTo(url);
  const live = async () => Object.keys((await client.indices.getAlias({ name: LIVE })).body);
  const before = await live();
  const config = loadCatalogConfig(platform.settings({ OPENSEARCH_URL: url }));
  expect(await reindex(config, new AbortController().signal)).toBe(1);
  expect(await live()).not.toEqual(before);
  expect((await client.indices.existsAlias({ name: NEXT })).body).toBe(false);
  await client.close();
  expect(await hits('wombat')).toMatchObject([
    {
      video: { id: videoId },
      passages: [
        { startMs: 61_500, text: 'A word about wombats.', highlight: [{}, { text: 'wombats', match: true }, {}] },
      ],
    },
  ]);
});
