import { encodeBeginning, encodeChunk } from '@kinora/contracts-transcode';
import { planBeginning } from '@kinora/media';
import { eventually, media } from '@kinora/testing';
import { onDisk, startHarness } from './harness';

jest.setTimeout(120_000);

it('makes the beginning of a video while every slot is taken by another', async () => {
  const harness = await startHarness(await onDisk());
  const encoder = await harness.startEncoder({ ENCODER_CONCURRENCY: '1' });
  try {
    const file = await media.silent({ seconds: 24, width: 640, height: 360 });
    const long = await harness.source(file);
    const rungs = long.plan.rungs.slice(0, 1).map((rung) => ({ ...rung, preset: 'veryslow' }));
    const busy = await harness.enqueue(encodeChunk, { ...long, plan: { ...long.plan, rungs }, chunkIndex: 0 });
    await eventually(
      () => harness.plane.reports.some((one) => one.encodingId === long.encodingId && one.tracks.length > 0),
      { timeoutMs: 60_000, label: 'the first segment of the other' },
    );

    const other = await harness.source(file);
    const { tracks } = await harness.run(encodeBeginning, { ...other, plan: planBeginning(other.plan) });
    expect(tracks.map(({ segments }) => segments.map(({ number }) => number))).toEqual([[1, 2]]);
    expect(await harness.queue.getJobState(busy)).toBe('active');
  } finally {
    await encoder.stop();
    await harness.stop();
  }
});
