import { createDatabase, migrate } from '@kinora/database';
import { testDatabase } from '@kinora/testing';
import { migrations } from '../migrations';
import { startPlatform } from './support/platform';

it('shows people their own writes although the replica lags; everybody else’s lists may come from it', async () => {
  // A replica that has not heard of anything since the schema was made.
  await using replica = await testDatabase();
  const lagging = createDatabase({ settings: { DATABASE_URL: replica.url }, schema: 'catalog' });
  await migrate(lagging, migrations);
  await using platform = await startPlatform({ DATABASE_READER_URL: replica.url });
  const ada = platform.as({ token: await platform.identity.person('ada', 'creator') });
  const { id: videoId } = await ada.createVideo({ body: { title: 'Zeppelin', visibility: 'public' } });

  expect((await ada.getVideo({ params: { videoId } })).title).toBe('Zeppelin');
  const own = await ada.listVideos({ query: { owner: 'me' } });
  expect(own.items.map(({ id }) => id)).toEqual([videoId]);
  await ada.updateVideo({ params: { videoId }, body: { title: 'Airship', version: 1 } });
  expect((await ada.listVideos({ query: { owner: 'me' } })).items.map(({ title }) => title)).toEqual(['Airship']);

  expect((await ada.listVideos({ query: {} })).items).toEqual([]);
  expect((await ada.search({ query: { q: 'airship' } })).items).toEqual([]);
  await lagging.close();
});
