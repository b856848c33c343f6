import { backend, eventually } from '@kinora/testing';
import { emptyOpenSearch } from './support/open-search';
import { makeReady } from './support/pipeline';
import { type Platform, startPlatform } from './support/platform';
import { problemOf } from './support/problem';
import { type TcpProxy, startTcpProxy } from './support/tcp-proxy';

const { url } = backend('opensearch');
/** The machine is shared; what is waited for comes within seconds when it is not. */
const patience = { timeoutMs: 90_000 };

let proxy: TcpProxy;
let platform: Platform;
beforeEach(async () => {
  const client = await emptyOpenSearch(url);
  await client.close();
  proxy = await startTcpProxy(url);
});
afterEach(async () => {
  await platform[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

const start = async () =>
  (platform = await startPlatform({ OPENSEARCH_URL: proxy.url, OPENSEARCH_TIMEOUT_MS: '1000' }));
const owner = async () => platform.as({ token: await platform.identity.person('ada', 'creator') });

it('is not missed by uploads, edits and playback while it is down, and has everything when it is back', async () => {
  await start();
  const ada = await owner();
  const { id: before } = await ada.createVideo({ body: { title: 'Before the outage' } });
  const { id: doomed } = await ada.createVideo({ body: { title: 'Deleted in the outage' } });
  const titles = async (q: string) => (await ada.search({ query: { q } })).items.map(({ video }) => video.title);
  await eventually(async () => (await titles('outage')).length === 2, patience);

  proxy.refuse();
  expect(await problemOf(ada.search({ query: { q: 'outage' } }))).toBe('503 search.unavailable');
  const answer = await fetch(`${platform.url}/v1/search?q=outage`);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await problemOf(ada.suggest({ query: { q: 'out' } }))).toBe('503 search.unavailable');

  await ada.updateVideo({ params: { videoId: before }, body: { title: 'Renamed meanwhile' } });
  await ada.deleteVideo({ params: { videoId: doomed } });
  const uploaded: string[] = [];
  for (let n = 0; n < 12; n++) {
    const { id } = await ada.createVideo({ body: { title: `Uploaded meanwhile ${n}`, visibility: 'public' } });
    uploaded.push(id);
  }
  // Events of the pipeline share their queue with those of the index, and are not held up by them.
  const [watched = ''] = uploaded;
  await makeReady(platform, ada, watched, 'ada');
  await expect(platform.as().createPlayback({ params: { videoId: watched }, body: {} })).resolves.toBeDefined();
  expect((await ada.listVideos({ query: {} })).items).toHaveLength(13);
  expect((await fetch(`${platform.url}/readyz`)).status).toBe(200);

  proxy.restore();
  await eventually(async () => (await titles('meanwhile')).length === 13, patience);
  expect(await titles('deleted')).toEqual([]);
  expect((await platform.as().search({ query: { q: 'meanwhile' } })).items.map(({ video }) => video.id)).toEqual([
    watched,
  ]);
});

it('cannot hang the service: a search is given up, and soon none is tried', async () => {
  await start();
  const ada = await owner();
  await ada.createVideo({ body: { title: 'Somewhere' } });
  await eventually(async () => (await ada.search({ query: { q: 'somewhere' } })).total === 1, patience);
  proxy.hang();
  const answers: string[] = [];
  for (let n = 0; n < 5; n++) answers.push(await problemOf(ada.search({ query: { q: 'somewhere' } })));
  expect(new Set(answers)).toEqual(new Set(['503 search.unavailable']));
  // The breaker is open: however many ask, at most one of them waits for OpenSearch.
  const { opened } = proxy;
  const many = await Promise.all(Array.from({ length: 40 }, () => problemOf(ada.search({ query: { q: 'x' } }))));
  expect(new Set(many)).toEqual(new Set(['503 search.unavailable']));
  expect(proxy.opened - opened).toBeLessThanOrEqual(2);
  proxy.restore();
  await eventually(async () => (await ada.search({ query: { q: 'somewhere' } })).total === 1, patience);
});

it('need not be there at the start', async () => {
  proxy.refuse();
  await start();
  const ada = await owner();
  const { id: videoId } = await ada.createVideo({ body: { title: 'Earlier than the index' } });
  expect(await problemOf(ada.search({ query: { q: 'earlier' } }))).toBe('503 search.unavailable');
  proxy.restore();
  const hits = async () => (await ada.search({ query: { q: 'earlier' } })).items.map(({ video }) => video.id);
  await eventually(async () => (await hits()).includes(videoId), patience);
});
