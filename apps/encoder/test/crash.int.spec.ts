import { encodeChunk } from '@kinora/contracts-transcode';
import { eventually, media, nodeBinary, workspaceRoot } from '@kinora/testing';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Harness, onDisk, startHarness } from './harness';

jest.setTimeout(180_000);

/** Command lines of the processes that run here and name this text. */
const processesNaming = (text: string): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text) &&
          !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
        );
      } catch {
        return false;
      }
    })
    .map(Number);

describe('an encoder that is stopped in the middle', () => {
  let harness: Harness;
  const main = path.join(workspaceRoot, 'dist/apps/encoder/main.js');

  beforeAll(async () => {
    harness = await startHarness(await onDisk());
    await promisify(execFile)(nodeBinary(), ['tools/build/service.mjs', 'encoder'], { cwd: workspaceRoot });
  });
  afterAll(() => harness.stop());

  /** Not with `startChild`, which would end what a killed encoder leaves behind: here it has to end by itself. */
  const startProcess = () => {
    const child = spawn(nodeBinary(), [main], { env: { ...harness.env, PATH: process.env['PATH'] }, stdio: 'ignore' });
    return { kill: () => child.kill('SIGKILL'), exited: once(child, 'exit') };
  };

  /** Long enough to be caught in the middle, on any machine. */
  const longJob = async () => {
    const job = await harness.source(await media.silent({ seconds: 24, width: 640, height: 360 }));
    return {
      ...job,
      plan: { ...job.plan, rungs: job.plan.rungs.slice(0, 1).map((rung) => ({ ...rung, preset: 'slow' })) },
    };
  };
  const firstSegmentOf = (job: { encodingId: string }) =>
    eventually(() => harness.plane.reports.some((one) => one.encodingId === job.encodingId && one.tracks.length > 0), {
      timeoutMs: 60_000,
      label: 'the first segment',
    });

  it('leaves no ffmpeg behind when it is killed, and the job is finished by the next one', async () => {
    const job = await longJob();
    const id = await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 });
    const doomed = startProcess();
    await firstSegmentOf(job);
    expect(processesNaming(job.sourceKey)).not.toEqual([]);
    doomed.kill();
    await doomed.exited;
    await eventually(() => processesNaming(job.sourceKey).length === 0, {
      timeoutMs: 30_000,
      label: 'the end of ffmpeg',
    });

    const next = await harness.startEncoder();
    try {
      expect(await harness.ended(id)).toMatchObject({ state: 'completed', result: { frames: 720 } });
    } finally {
      await next.stop();
    }
  });

  it('gives the job back without charging an attempt when it is asked to stop', async () => {
    const job = await longJob();
    const id = await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 });
    const first = await harness.startEncoder();
    await firstSegmentOf(job);
    await first.stop();
    expect(processesNaming(job.sourceKey)).toEqual([]);
    expect(await harness.queue.getJobState(id)).toBe('waiting');
    expect((await harness.queue.getJob(id))?.attemptsMade).toBe(0);

    const second = await harness.startEncoder();
    try {
      expect(await harness.ended(id)).toMatchObject({ state: 'completed', attempts: 1, result: { frames: 720 } });
    } finally {
      await second.stop();
    }
  });

  it('stops a job that another attempt has overtaken, within seconds and without a trace', async () => {
    const job = await longJob();
    const id = await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 });
    const encoder = await harness.startEncoder();
    try {
      await firstSegmentOf(job);
      harness.plane.answer = { status: 409, code: 'encoding.fenced' };
      expect(await harness.ended(id)).toMatchObject({
        state: 'failed',
        reason: expect.stringMatching(/^\[encoding\.fenced\]/),
      });
      expect(processesNaming(job.sourceKey)).toEqual([]);
    } finally {
      harness.plane.answer = undefined;
      await encoder.stop();
    }
  });
});
