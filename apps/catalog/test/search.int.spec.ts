import { createDatabase, migrate } from '@kinora/database';
import { eventually, testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { createPostgresSearchWriter } from '../src/adapters/postgres/search/documents';
import { createPostgresSearch } from '../src/adapters/postgres/search/postgres-search';
import { searchConformance } from './search.conformance';
import { makeReady } from './support/pipeline';
import { startPlatform } from './support/platform';
import { problemOf } from './support/problem';

searchConformance('Postgres', async () => {
  const database = await testDatabase();
  const db = createDatabase({ settings: { DATABASE_URL: database.url }, schema: 'catalog' });
  await migrate(db, migrations);
  return {
    index: createPostgresSearch(db),
    writer: createPostgresSearchWriter(db.writer),
    close: () => db.close().then(() => database.drop()),
  };
});

it('answers searches over HTTP, with highlights, pages and the limits in headers', async () => {
  await using platform = await startPlatform();
  const ownerId = 'ada';
  const owner = platform.as({ token: await platform.identity.person(ownerId, 'creator') });
  const ids: string[] = [];
  for (const title of ['A walk by the Séine', 'Seine by night']) {
    const { id } = await owner.createVideo({
      body: { title, description: 'The Seine in black and white', visibility: 'public', tags: ['paris'] },
    });
    ids.push(id);
    await makeReady(platform, owner, id, ownerId);
  }
  const page = await platform.as().search({ query: { q: 'seine', limit: 1, tag: 'paris' } });
  expect(page).toMatchObject({ total: 2, facets: { tags: [{ value: 'paris', count: 2 }] } });
  expect(page.items[0]).toMatchObject({
    video: { id: ids[1], status: 'ready' },
    highlights: {
      title: [
        { text: 'Seine', match: true },
        { text: ' by night', match: false },
      ],
      description: [
        { text: 'The ', match: false },
        { text: 'Seine', match: true },
        { text: ' in black and white', match: false },
      ],
    },
  });
  const cursor = page.nextCursor ?? '';
  const next = await platform.as().search({ query: { q: 'seine', limit: 1, tag: 'paris', cursor } });
  expect(next.items.map((hit) => hit.video.id)).toEqual([ids[0]]);
  expect(next.nextCursor).toBeNull();
  expect(await problemOf(platform.as().search({ query: { q: 'other', cursor } }))).toBe('400 request.cursor_invalid');
  expect((await platform.as().suggest({ query: { q: 'sein' } })).items).toHaveLength(2);

  await owner.updateVideo({ params: { videoId: ids[0] ?? '' }, body: { title: 'Renamed' } });
  expect((await platform.as().search({ query: { q: 'walk' } })).total).toBe(0);
  expect((await platform.as().search({ query: { q: 'renamed' } })).total).toBe(1);

  const res = await fetch(`${platform.url}/v1/search?q=x`);
  expect(res.headers.get('ratelimit-policy')).toContain('"search"; q=600; w=60');
  expect(res.headers.get('ratelimit')).toMatch(/"search"; r=\d+; t=\d+/);
});

it('finds what is said in a video, with the second to jump to', async () => {
  await using platform = await startPlatform();
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const service = platform.as({ token: await platform.identity.service('transcode') });
  const { id: videoId } = await owner.createVideo({ body: { title: 'A lecture', visibility: 'public' } });
  await makeReady(platform, owner, videoId, 'ada');
  const passages = [
    { startMs: 30_000, endMs: 52_000, text: 'They are nocturnal, and dig.', language: 'en' },
    { startMs: 4_200, endMs: 29_000, text: 'Wombats live in burrows.', language: 'en-AU' },
  ];
  expect(await service.putPassages({ params: { videoId }, body: { passages } })).toEqual({ videoId, count: 2 });
  const hits = async (q: string) => (await platform.as().search({ query: { q } })).items;
  expect(await hits('burrow')).toMatchObject([
    {
      video: { id: videoId },
      highlights: {},
      passages: [
        {
          startMs: 4_200,
          text: 'Wombats live in burrows.',
          highlight: [
            { text: 'Wombats live in ', match: false },
            { text: 'burrows', match: true },
            { text: '.', match: false },
          ],
        },
      ],
    },
  ]);
  // Other words of the video don't make up for one that is not said.
  expect(await hits('lecture burrow')).toEqual([]);

  const [second] = passages;
  await service.putPassages({ params: { videoId }, body: { passages: second ? [second] : [] } });
  expect(await hits('burrow')).toEqual([]);
  expect(await hits('nocturnal')).toHaveLength(1);
  await owner.updateVideo({ params: { videoId }, body: { visibility: 'private' } });
  expect(await hits('nocturnal')).toEqual([]);

  const nowhere = { params: { videoId: 'vid_01M8D34ADZTADZ1WRP8AE1QZV3' }, body: { passages } };
  expect(await problemOf(service.putPassages(nowhere))).toBe('404 video.not_found');
  expect(await problemOf(owner.putPassages({ params: { videoId }, body: { passages } }))).toBe('404 route.not_found');
});

it('writes again at its start what another version wrote, or none', async () => {
  await using platform = await startPlatform();
  const owner = platform.as({ token: await platform.identity.person('ada', 'creator') });
  await owner.createVideo({ body: { title: 'Houses of the holy' } });
  await owner.createVideo({ body: { title: 'Housing' } });
  const found = async () => (await owner.search({ query: { q: 'housed' } })).total;
  expect(await found()).toBe(2);
  // As the version before wrote it; and as it looks after searches went to OpenSearch for a while.
  await platform.query(`update search_documents set shape = null, words = '' where title = 'Housing'`);
  await platform.query(`delete from search_documents where title <> 'Housing'`);
  expect(await found()).toBe(0);
  await platform.startReplica();
  await eventually(async () => (await found()) === 2);
});

it('limits what one address may ask for, over all replicas', async () => {
  await using platform = await startPlatform({ RATE_LIMIT_PER_MINUTE: '3' });
  const second = await platform.startReplica();
  const ask = (url: string) => problemOf(platform.as({}, url).suggest({ query: { q: 'x' } }));
  const answers = [platform.url, second.url, platform.url, second.url];
  const got: string[] = [];
  for (const url of answers) got.push(await ask(url));
  expect(got).toEqual(['none', 'none', 'none', '429 request.rate_limited']);
});
