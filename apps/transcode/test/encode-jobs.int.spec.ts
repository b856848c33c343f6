import { ENCODE_QUEUE } from '@kinora/contracts-transcode';
import { createRedis } from '@kinora/jobs';
import { testRedis } from '@kinora/testing';
import { Queue } from 'bullmq';
import { createEncodeJobs } from '../src/adapters/bullmq/encode-jobs';
import { type Playable } from '../src/domain/encoding';
import { aPlan } from './support/plans';

const encoding: Playable = {
  ...{ id: 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV', videoId: 'vid_01ARZ3NDEKTSV4RRFFQ69G5FAV' },
  ...{ uploadId: 'upl_01ARZ3NDEKTSV4RRFFQ69G5FAV', attempt: 1, ownerId: 'u', sourceKey: 's', createdAt: new Date() },
  ...{
    fence: 1,
    progress: 0,
    state: 'playable',
    playableAt: new Date(),
    dispatchedAt: undefined,
    estimatedEnd: undefined,
  },
  work: {
    ...{ plan: aPlan(), width: 640, height: 480, durationMs: 4_000, startedAt: new Date() },
    engine: { name: 'mediaconvert', reason: 'set for all videos' },
  },
};

it('has one graph with a follower for MediaConvert, and takes all of it away', async () => {
  const server = await testRedis();
  const connection = createRedis(server.url);
  const jobs = createEncodeJobs(connection);
  try {
    await jobs.dispatch(encoding);
    expect(await jobs.outcomes(encoding)).toEqual({
      ...{ chunks: [{ state: 'pending' }], audio: [] },
      ...{ poster: { state: 'pending' }, storyboard: { state: 'blocked' } },
    });
    expect(await jobs.finishOutcome(encoding, 1)).toEqual({ state: 'blocked' });
    // It waits for a worker: there is nothing to wake.
    expect(await jobs.wakeFollower(encoding, 1)).toBe('absent');
    await jobs.putOffFollower(encoding, 1, 1_000);
    await jobs.remove(encoding, 1);
    const absent = { state: 'absent' };
    expect(await jobs.outcomes(encoding)).toEqual({ chunks: [absent], audio: [], poster: absent, storyboard: absent });
    expect(await jobs.finishOutcome(encoding, 1)).toEqual(absent);
  } finally {
    await jobs.close();
    connection.disconnect();
    await server.stop();
  }
});

it('tells how many jobs wait for our own encoders, and how long the next of them has', async () => {
  const server = await testRedis();
  const connection = createRedis(server.url);
  const jobs = createEncodeJobs(connection);
  const queue = new Queue(ENCODE_QUEUE, { connection });
  try {
    expect(await jobs.waiting()).toEqual({ waiting: 0, waitedSeconds: 0 });
    await queue.add('late', {}, { priority: 5, timestamp: Date.now() - 10_000 });
    await queue.add('next', {}, { priority: 1, timestamp: Date.now() - 60_000 });
    const { waiting, waitedSeconds } = await jobs.waiting();
    expect(waiting).toBe(2);
    expect(waitedSeconds).toBeGreaterThanOrEqual(60);
    expect(waitedSeconds).toBeLessThan(90);
  } finally {
    await queue.close();
    await jobs.close();
    connection.disconnect();
    await server.stop();
  }
});
