import { createDatabase, migrate } from '@kinora/database';
import { testDatabase } from '@kinora/testing';
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

it('limits what one address may ask for, over all replicas', async () => {
  await using platform = await startPlatform({ RATE_LIMIT_PER_MINUTE: '3' });
  const second = await platform.startReplica();
  const ask = (url: string) => problemOf(platform.as({}, url).suggest({ query: { q: 'x' } }));
  const answers = [platform.url, second.url, platform.url, second.url];
  const got: string[] = [];
  for (const url of answers) got.push(await ask(url));
  expect(got).toEqual(['none', 'none', 'none', '429 request.rate_limited']);
});
