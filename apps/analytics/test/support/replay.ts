import { type Beacon } from '@kinora/contracts-analytics';
import { eventually } from '@kinora/testing';
import { type Instance, type World, isAnnounced, isMarked, scan, sessionToken } from './analytics';
import { playScript, random, randomScript, shuffle } from './player';

/** All that a player reported of one session. */
export interface Log {
  readonly token: string;
  readonly beacons: Beacon[];
}

/** Sessions of a video that began within an hour and are over by now; the same for the same seed. */
export async function replayOf(videoId: string, count: number, seed: number): Promise<Log[]> {
  const next = random(seed);
  const now = Math.floor(Date.now() / 1000);
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const beg = now - 600 - Math.floor(next() * 3_600);
      const token = await sessionToken({ vid: videoId, beg, vwr: `viewer-${i % 7}` });
      return { token, beacons: playScript(randomScript(next, 100, beg * 1000)) };
    }),
  );
}

/** Every beacon ten times, in batches of any size, in any order. */
export const tenfold = (logs: readonly Log[], next: () => number): Log[] =>
  shuffle(
    logs.flatMap(({ token, beacons }) => {
      const all = shuffle(Array.from({ length: 10 }, () => beacons).flat(), next);
      const batches: Log[] = [];
      while (all.length > 0) batches.push({ token, beacons: all.splice(0, 1 + Math.floor(next() * 20)) });
      return batches;
    }),
    next,
  );

export const post = (instance: Instance, token: string, beacons: Beacon[]) =>
  instance.api.postBeacons({ body: { sessionToken: token, beacons } });

/** Work by a few at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T, i: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let i = next++; i < items.length; i = next++) await work(items[i] as T, i);
    }),
  );
}

/** Waits until all that was acknowledged is in sessions and in rollups. */
export const atRest = (world: World, table: string) =>
  eventually(
    async () => {
      const rows = await scan(world, table);
      const rest = !rows.some(isMarked) && !rows.some(isAnnounced);
      return rows.length > 0 && rest && rows.some(({ sk }) => sk.startsWith('D#')) && rows;
    },
    { timeoutMs: 120_000, intervalMs: 250, label: 'every session is written, every hour is rolled up' },
  );

/** The period in which those sessions are. */
export const aroundNow = () => ({ from: new Date(Date.now() - 86_400_000).toISOString() });
