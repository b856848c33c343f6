import { newId } from '@kinora/contracts-common';
import { eventually } from '@kinora/testing';
import { eventsOf } from './support/pipeline';
import { startPlatform } from './support/platform';
import { problemOf } from './support/problem';
import { startReceiver } from './support/receiver';

it('two replicas are one catalogue', async () => {
  await using platform = await startPlatform();
  await using receiver = await startReceiver();
  const second = await platform.startReplica();
  const token = await platform.identity.person('ada', 'creator');
  const [here, there] = [platform.as({ token }), platform.as({ token }, second.url)];
  const { secret } = await here.createWebhook({
    body: { url: receiver.url, events: ['video.ready', 'video.updated'] },
  });
  receiver.secret = secret;

  const { id: videoId } = await here.createVideo({ body: { title: 'Shared', visibility: 'public' } });
  const params = { videoId };
  const edits = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      problemOf((n % 2 === 0 ? here : there).updateVideo({ params, body: { title: `Edit ${n}`, version: 1 } })),
    ),
  );
  expect(edits.filter((one) => one === 'none')).toHaveLength(1);
  expect(new Set(edits)).toEqual(new Set(['none', '409 video.conflict']));

  const events = eventsOf(videoId, 'ada');
  for (const [event, data] of [...events, ...events]) await platform.send(event, data);
  await eventually(async () => (await there.getVideo({ params })).status === 'ready');

  // The second copy of video.ready is an event of its own; the first of each id is told once.
  await eventually(() => receiver.received.length === 3);
  const told = receiver.received.map((one) => one.message.type).sort();
  expect(told).toEqual(['video.ready', 'video.ready', 'video.updated']);
  expect(new Set(receiver.received.map((one) => one.id)).size).toBe(3);

  const { sessionId, sessionToken } = await here.createPlayback({ params, body: {} });
  expect((await there.createPlayback({ params, body: { sessionId, sessionToken } })).sessionId).toBe(sessionId);

  const upload = platform.as({ token: await platform.identity.service('upload') }, second.url);
  const fresh = newId('vid');
  const body = { ownerId: 'ada', title: 'Registered by several at once', existing: false };
  const registered = await Promise.all(
    Array.from({ length: 5 }, () => upload.registerUpload({ params: { videoId: fresh }, body })),
  );
  expect(new Set(registered.map((one) => one.status))).toEqual(new Set(['uploading']));

  await second.stop();
  await here.deleteVideo({ params });
  expect(await problemOf(here.getVideo({ params }))).toBe('404 video.not_found');
});

it('tells whether it is ready, what it offers and how it is', async () => {
  await using platform = await startPlatform();
  const get = (path: string) => fetch(`${platform.url}${path}`);
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
  expect(await (await get('/readyz')).json()).toEqual({ status: 'ready', failing: [] });
  expect(await (await get('/metrics')).text()).toContain('http_request_duration_seconds');
  const reference = (await (await get('/openapi.json')).json()) as { paths: object };
  expect(Object.keys(reference.paths)).toContain('/v1/videos/{videoId}/playback');
  expect(Object.keys(reference.paths).filter((path) => path.startsWith('/internal'))).toEqual([]);
});
