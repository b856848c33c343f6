import { type EventSpec } from '@kinora/contracts-common';
import { encodingFailed, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import fc from 'fast-check';
import { type Encoding, isOver, isWorking } from './encoding';
import { aPlan } from '../../test/support/plans';
import {
  type Decision,
  type Happened,
  abandon,
  accept,
  becomePlayable,
  begin,
  cancel,
  changeEngine,
  complete,
  create,
  dispatched,
  engaged,
  fail,
  redispatch,
  usesService,
} from './transitions';

const at = new Date('2026-01-01T00:00:00Z');
const origin = {
  id: 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  videoId: 'vid_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  uploadId: 'upl_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  attempt: 1,
  ownerId: 'u',
  sourceKey: 's',
  createdAt: at,
};
const engine = { name: 'mediaconvert', reason: 'set for all videos' } as const;
const work = { plan: aPlan(), engine, width: 320, height: 180, durationMs: 4000, startedAt: at };
const facts = { renditions: [], poster: true, at };
const end = { ...facts, durationMs: 4000, bytes: 1, storyboard: true, replaced: [] };

/** What the world holds: the record, its events, and the fences that messages under way may carry. */
interface World {
  encoding: Encoding;
  events: Happened[];
  sweeps: number;
}
/** Each step stands for a message that arrives: any number of times, in any order, with any fence that ever was. */
const steps: Record<string, (e: Encoding, fence: number) => Decision> = {
  begin: (e) => begin(e),
  accept: (e) => accept(e, work),
  dispatched: (e, fence) => dispatched(e, fence, at),
  redispatch: (e, fence) => redispatch(e, fence),
  changeEngine: (e, fence) => changeEngine(e, fence, 'ffmpeg', 'MediaConvert has failed'),
  engaged: (e, fence) => engaged(e, fence, 'job'),
  playable: (e) => becomePlayable(e, facts),
  complete: (e, fence) => complete(e, fence, end),
  fail: (e, fence) => fail(e, { code: 'source.unreadable', message: 'Damaged.' }, at, fence),
  refuse: (e) => fail(e, { code: 'source.no_video', message: 'No video.' }, at),
  cancel: (e) => cancel(e, at),
  abandon: (e) => abandon(e, at),
};
/** What is asked of an encoding when a report is recorded. */
const acceptsReports = (encoding: Encoding, fence: number): boolean => isWorking(encoding) && encoding.fence === fence;

const order = ['queued', 'probing', 'encoding', 'playable', 'ready', 'failed', 'cancelled'];
const counted = (world: World, event: EventSpec) => world.events.filter((one) => one.event === event).length;

describe('the life of an encoding', () => {
  it('goes forward only, ends once and tells each thing once, whatever arrives in whatever order', () => {
    const message = fc.record({ step: fc.constantFrom(...Object.keys(steps)), behind: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), (messages) => {
        const world: World = { encoding: create(origin), events: [], sweeps: 0 };
        for (const { step, behind } of messages) {
          const before = world.encoding;
          const decision = steps[step]?.(before, before.fence - behind);
          if (!decision) continue;
          const { encoding, events, sweeps = [] } = decision;
          world.encoding = encoding;
          world.events.push(...events);
          world.sweeps += sweeps.length;
          expect(isOver(before)).toBe(false);
          expect(order.indexOf(encoding.state)).toBeGreaterThanOrEqual(order.indexOf(before.state));
          expect(encoding.fence).toBeGreaterThanOrEqual(before.fence);
          if (step === 'redispatch' || (isOver(encoding) && encoding.state !== 'ready')) {
            expect(acceptsReports(encoding, before.fence)).toBe(false);
          }
          if (behind > 0) expect(['complete', 'fail', 'redispatch', 'dispatched']).not.toContain(step);
        }
        for (const event of [videoPlayable, videoReady, encodingFailed])
          expect(counted(world, event)).toBeLessThanOrEqual(1);
        const { state } = world.encoding;
        expect(counted(world, videoReady)).toBe(state === 'ready' ? 1 : 0);
        expect(counted(world, videoReady) + counted(world, encodingFailed)).toBeLessThanOrEqual(1);
        if (state === 'ready' || state === 'playable') expect(counted(world, videoPlayable)).toBe(1);
        const names = world.events.map((one) => one.event.name);
        if (state === 'ready') expect(names.indexOf(videoPlayable.name)).toBeLessThan(names.indexOf(videoReady.name));
        // What a failure leaves, and what the service wrote and was copied.
        const copied = world.encoding.state === 'ready' && usesService(world.encoding.work.engine);
        expect(world.sweeps).toBe(counted(world, encodingFailed) + Number(copied));
        for (const { event, data } of world.events) expect(() => event.data.parse(data)).not.toThrow();
      }),
      { numRuns: 500 },
    );
  });

  it('reaches ready from every crash point by the steps that are repeated after it', () => {
    const path = ['begin', 'accept', 'dispatched', 'playable', 'complete'];
    for (let crash = 0; crash <= path.length; crash += 1) {
      // What was done stays done; then all of it is tried again from the start, as jobs are.
      let encoding = create(origin);
      for (const step of [...path.slice(0, crash), ...path])
        encoding = steps[step]?.(encoding, encoding.fence)?.encoding ?? encoding;
      expect(encoding.state).toBe('ready');
    }
  });

  it('refuses reports before it is planned, from older attempts and after its end', () => {
    const queued = create(origin);
    const planned = accept(queued, work)?.encoding;
    if (!planned || !isWorking(planned)) throw new Error('not planned');
    expect(acceptsReports(queued, 1)).toBe(false);
    expect(acceptsReports(planned, 1)).toBe(true);
    expect(acceptsReports(redispatch(planned, 1)?.encoding ?? planned, 1)).toBe(false);
    expect(acceptsReports(complete(planned, 1, end)?.encoding ?? planned, 1)).toBe(false);
  });

  it('lets those who watch see to the end what fails in the middle', () => {
    const planned = accept(create(origin), work)?.encoding;
    const playable = planned && becomePlayable(planned, facts)?.encoding;
    expect(planned && cancel(planned, at)?.sweeps?.[0]?.afterMs).toBe(0);
    expect(playable && cancel(playable, at)?.sweeps?.[0]?.afterMs).toBeGreaterThan(60_000);
  });
});
