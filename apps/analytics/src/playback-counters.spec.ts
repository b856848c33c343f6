import { createMetrics } from '@kinora/service';
import { beacon, playScript, random, randomScript, shuffle } from '../test/support/player';
import { factsOf } from './domain/session/facts';
import { mergeFacts } from './domain/session/merge';
import { type Facts } from './domain/session/session';
import { BEGIN } from '../test/support/sessions';
import { createPlaybackCounters } from './playback-counters';

/** Counts sessions, each told in the given portions; returns every sample by its name and labels. */
async function count(...sessions: Facts[][]): Promise<Record<string, number>> {
  const { registry } = createMetrics('analytics');
  const observe = createPlaybackCounters([registry]);
  for (const portions of sessions) {
    let known: Facts | undefined;
    for (const news of portions) {
      const merged = known ? mergeFacts(known, news) : news;
      observe(known, merged);
      known = merged;
    }
  }
  const samples: Record<string, number> = {};
  for (const { name, values } of await registry.getMetricsAsJSON()) {
    if (!name.startsWith('playback_')) continue;
    for (const { value, labels, metricName } of values as never[] as {
      value: number;
      labels: Record<string, string>;
      metricName?: string;
    }[]) {
      const { service: _, ...own } = labels;
      samples[[metricName ?? name, ...Object.values(own)].join(' ')] = Math.round(value * 1000) / 1000;
    }
  }
  return samples;
}

it('counts the same in whatever portions a session comes', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rnd = random(seed);
    const all = playScript(randomScript(rnd, 100, BEGIN)).map(factsOf);
    const once = await count([all.reduce(mergeFacts)]);
    expect(await count(all)).toEqual(once);
    expect(await count(shuffle(all, rnd))).toEqual(once);
  }
});

it('counts a session once in each stage, and a failure where it first was', async () => {
  const fatal = [{ id: 'e', code: 'media.decode', fatal: true, mono: 10 }];
  const fields = { attempted: true, ts: 0, mono: 100 };
  const failedStart = factsOf(beacon({ ...fields, sn: 1, errors: fatal }));
  const playsAfterAll = factsOf(beacon({ ...fields, sn: 2, errors: fatal, startup: 800, playing: 5_000 }));
  const failsLater = factsOf(beacon({ ...fields, sn: 1, startup: 200, playing: 4_000, stall: 500, errors: fatal }));
  expect(await count([failedStart, playsAfterAll, playsAfterAll], [failsLater])).toMatchObject({
    'playback_sessions_total attempted': 2,
    'playback_sessions_total started': 2,
    'playback_sessions_total failed_start': 1,
    'playback_sessions_total failed_playing': 1,
    playback_startup_seconds_count: 2,
    playback_startup_seconds_sum: 1,
    'playback_seconds_total playing': 9,
    'playback_seconds_total stalled': 0.5,
    'playback_errors_total yes': 2,
  });
});
