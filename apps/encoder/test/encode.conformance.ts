import { cached, eventually, judgeDash, judgeHls, makeMedia, media, probe, soundDelayMs } from '@kinora/testing';
import { encodeAudio, encodeChunk } from '@kinora/contracts-transcode';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { publish } from './publish';
import { serveStore } from './files-server';
import { type Harness, type Storage, planOf, startHarness } from './harness';

/** Four seconds with a white flash and a tone at the beginning of each. */
const flash = (size: string): string[] => [
  '-f',
  'lavfi',
  '-i',
  `color=black:s=${size}:r=25:d=4,drawbox=enable='lt(mod(t,1),0.1)':c=white:t=fill`,
  '-f',
  'lavfi',
  '-i',
  "aevalsrc='if(lt(mod(t,1),0.1),0.8*sin(2*PI*1000*t),0)':s=48000:d=4",
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
];

/** What an encoder does with real jobs, whatever keeps the sources and the segments. */
export function encodeConformance(name: string, storage: () => Promise<Storage>): void {
  jest.setTimeout(180_000);

  describe(`the encoder on ${name}`, () => {
    let harness: Harness;
    let encoder: Awaited<ReturnType<Harness['startEncoder']>>;
    let files: Awaited<ReturnType<typeof serveStore>>;

    beforeAll(async () => {
      harness = await startHarness(await storage());
      encoder = await harness.startEncoder();
      files = await serveStore(harness.stores.distribution);
    });
    afterAll(async () => {
      await files.stop();
      await encoder.stop();
      await harness.stop();
    });

    describe('encoding', () => {
      it('publishes every rung from the first frame to the last, in sync, in HLS and DASH alike', async () => {
        const job = await harness.source(
          await media.flashAndBeep({ seconds: 8, width: 640, height: 360, fps: '30000/1001' }),
        );
        const done = await harness.encode(job);
        const base = `${files.url}/${await publish(harness.stores.distribution, job, done.tracks)}`;
        const [chunk] = done.chunks;
        expect(job.plan.rungs.map((rung) => rung.id)).toEqual(['v360', 'v240']);
        expect(chunk?.frames).toBe(240);

        const hls = await judgeHls(`${base}/main.m3u8`);
        for (const { decoded } of hls.rungs) expect(decoded).toMatchObject({ frames: 240, startMs: 0, errors: [] });
        for (const { decoded } of hls.rungs) expect(decoded.largestGapMs).toBeLessThan(34);
        expect(hls.rungs.map(({ decoded }) => `${decoded.width}x${decoded.height}`).toSorted()).toEqual([
          '426x240',
          '640x360',
        ]);
        const dash = await judgeDash(`${base}/manifest.mpd`);
        expect(dash.filter((one) => one.kind === 'video').map((one) => one.decoded.frames)).toEqual([240, 240]);
        expect(Math.abs(await soundDelayMs(`${base}/v360.m3u8`, `${base}/a0.m3u8`))).toBeLessThan(40);

        // Segments of 2, 4 and the rest, at exact ticks.
        expect(chunk?.tracks[0]?.segments.map((one) => [one.number, one.startTicks, one.durationTicks])).toEqual([
          [1, 0, 60_060],
          [2, 60_060, 120_120],
          [3, 180_180, 60_060],
        ]);
        expect((await probe(`${base}/poster.jpg`)).streams[0]).toMatchObject({
          codec_name: 'mjpeg',
          width: 640,
          height: 360,
        });
        expect((await probe(`${base}/storyboard/1.jpg`)).streams[0]).toMatchObject({ width: 1600, height: 900 });
        expect(done.storyboard.tiles).toBe(5);
      });

      it('reports what lands: the first segments at once, progress true to the end', async () => {
        const job = await harness.source(await media.mp4({ seconds: 6 }));
        const { chunks } = await harness.encode(job);
        const mine = harness.plane.reports.filter(
          (one) => one.encodingId === job.encodingId && one.jobId.includes('chunk'),
        );
        const numbers = mine.flatMap((one) =>
          one.tracks.flatMap((track) => track.segments.map((segment) => segment.number)),
        );
        expect(numbers).toEqual([1, 2]);
        expect(mine[0]?.tracks[0]?.init).toMatchObject({ timescale: 15_360, codec: expect.stringMatching(/^avc1\./) });
        expect(mine.at(-1)?.encodedSeconds).toBeCloseTo(6, 3);
        expect(chunks[0]?.durationMs).toBe(6000);
      });

      it('writes the same segments when it runs twice, and the same ones in chunks', async () => {
        const file = await media.mp4({ seconds: 16, width: 160, height: 90, fps: 25 });
        const whole = await harness.source(file);
        const digest = async (key: string) =>
          createHash('sha256')
            .update(await buffer((await harness.stores.distribution.get(key)).body))
            .digest('hex');
        const first = await harness.encode(whole);
        const init = `media/${whole.videoId}/${whole.encodingId}/v90/init.mp4`;
        const before = await digest(init);
        await harness.queue.obliterate({ force: true });
        // As if nobody had noted that it was done.
        await harness.stores.distribution.deletePrefix(`media/${whole.videoId}/${whole.encodingId}/jobs/`);
        const second = await harness.encode(whole);
        expect(second.chunks[0]?.tracks[0]?.segments.map((one) => one.startTicks)).toEqual(
          first.chunks[0]?.tracks[0]?.segments.map((one) => one.startTicks),
        );
        expect(await digest(init)).toBe(before);

        const split = await harness.source(file, await planOf(file, { targetFrames: 150 }));
        expect(split.plan.chunks.length).toBeGreaterThan(1);
        const done = await harness.encode(split);
        expect(done.chunks.reduce((sum, chunk) => sum + chunk.frames, 0)).toBe(400);
        const base = `${files.url}/${await publish(harness.stores.distribution, split, done.tracks)}`;
        const [rung] = (await judgeHls(`${base}/main.m3u8`)).rungs;
        expect(rung?.decoded).toMatchObject({ frames: 400, startMs: 0, errors: [] });
        expect(rung?.decoded.largestGapMs).toBeLessThan(41);
      });

      it('finds what a former run has made, and does nothing but report it', async () => {
        const job = await harness.source(await media.mp4({ seconds: 6 }));
        const first = await harness.encode(job);
        const written = async () => {
          const all: string[] = [];
          for await (const { key, etag, lastModified } of harness.stores.distribution.list(`media/${job.videoId}/`))
            if (/[av]\d+\//.test(key)) all.push(`${key} ${etag} ${lastModified.getTime()}`);
          return all.toSorted();
        };
        const before = await written();
        const reported = harness.plane.reports.length;
        // Another attempt at everything, as after the loss of the queue.
        const again = { ...job, fence: 2 };
        const [chunk, sound] = [
          await harness.run(encodeChunk, { ...again, chunkIndex: 0 }),
          await harness.run(encodeAudio, { ...again, audioIndex: 0 }),
        ];
        expect(await written()).toEqual(before);
        expect(chunk).toEqual(first.chunks[0]);
        expect(sound).toEqual(first.audio[0]);
        const news = harness.plane.reports.slice(reported);
        expect(news.flatMap((one) => one.tracks).map((track) => track.renditionId)).toEqual(['v180', 'a0']);
        expect(Math.max(...news.map((one) => one.encodedSeconds))).toBeCloseTo(6, 0);

        // Other settings are another job.
        const [rung] = job.plan.rungs;
        if (!rung) throw new Error('a plan has a rung');
        const other = { ...job, fence: 3, plan: { ...job.plan, rungs: [{ ...rung, crf: 30 }] } };
        await harness.run(encodeChunk, { ...other, chunkIndex: 0 });
        expect(await written()).not.toEqual(before);
      });

      it.each([
        ['a WebM without a duration', () => media.webmVp8({ live: true })],
        ['MPEG-2 without sound', () => media.mpeg2()],
        ['PCM in QuickTime', () => media.movPcm()],
        ['odd sizes', () => media.oddSize()],
        ['variable frame rate', () => media.vfr()],
        ['a picture held upright', () => media.rotated()],
        ['two languages', () => media.twoAudioTracks()],
      ])('encodes %s', async (_, file) => {
        const job = await harness.source(await file());
        const done = await harness.encode(job);
        const base = `${files.url}/${await publish(harness.stores.distribution, job, done.tracks)}`;
        const hls = await judgeHls(`${base}/main.m3u8`);
        for (const { decoded } of [...hls.rungs, ...hls.audio]) expect(decoded.errors).toEqual([]);
        for (const { decoded } of hls.rungs) expect(decoded.endMs).toBeGreaterThan(3800);
        expect(hls.audio).toHaveLength(job.plan.audio.length);
      });
    });

    describe('a recording whose picture and sound change in the middle', () => {
      it('is encoded to its end, in sync', async () => {
        const parts = [
          await makeMedia({ name: 'first.ts', args: [...flash('320x180'), '-ac', '1', '-f', 'mpegts'] }),
          await makeMedia({ name: 'second.ts', args: [...flash('640x360'), '-ac', '2', '-f', 'mpegts'] }),
        ];
        const file = await cached(['changing', ...parts], 'changing.ts', async (target) =>
          writeFile(target, Buffer.concat(await Promise.all(parts.map((part) => readFile(part))))),
        );
        const job = await harness.source(file);
        const done = await harness.encode(job);
        const base = `${files.url}/${await publish(harness.stores.distribution, job, done.tracks)}`;
        const [rung] = (await judgeHls(`${base}/main.m3u8`)).rungs;
        expect(rung?.decoded).toMatchObject({ width: 320, height: 180, frames: 200, errors: [] });
        expect(rung?.decoded.largestGapMs).toBeLessThan(41);
        const ticks = done.audio[0]?.tracks[0]?.segments.reduce((sum, one) => sum + one.durationTicks, 0) ?? 0;
        expect(Math.abs(ticks / 48_000 - 8)).toBeLessThan(0.1);
        expect(Math.abs(await soundDelayMs(`${base}/${job.plan.rungs[0]?.id}.m3u8`, `${base}/a0.m3u8`))).toBeLessThan(
          40,
        );
      });
    });

    describe('what cannot be encoded', () => {
      it('is a file that was cut off, found by decoding it, at the first attempt', async () => {
        const job = await harness.source(await media.truncated());
        const end = await harness.ended(await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 }));
        expect(end).toMatchObject({
          state: 'failed',
          attempts: 1,
          reason: expect.stringMatching(/^\[source\.truncated\] The file is incomplete/),
        });
      });

      it('is a source that is gone', async () => {
        const job = await harness.source(await media.mp4());
        await harness.stores.raw.delete(job.sourceKey);
        const end = await harness.ended(await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 }));
        expect(end).toMatchObject({
          state: 'failed',
          attempts: 1,
          reason: expect.stringMatching(/^\[source\.missing\]/),
        });
      });

      it('is what turns out to be no media at all', async () => {
        const plan = await planOf(await media.mp4());
        const job = await harness.source(await media.text(), plan);
        const end = await harness.ended(await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 }));
        expect(end).toMatchObject({
          state: 'failed',
          attempts: 1,
          reason: expect.stringMatching(/^\[source\.unreadable\]/),
        });
      });

      it('asks nobody for a playlist’s segments', async () => {
        const plan = await planOf(await media.mp4());
        const job = await harness.source(await media.playlist(`${harness.plane.url}/canary.ts`), plan);
        const end = await harness.ended(await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 }));
        expect(end).toMatchObject({
          state: 'failed',
          reason: expect.stringMatching(/^\[source\.unsupported_format\]/),
        });
      });

      it('ends quietly when another attempt has taken over', async () => {
        const job = await harness.source(await media.mp4({ seconds: 6 }));
        harness.plane.answer = { status: 409, code: 'encoding.fenced' };
        const end = await harness
          .ended(await harness.enqueue(encodeChunk, { ...job, chunkIndex: 0 }))
          .finally(() => (harness.plane.answer = undefined));
        expect(end).toMatchObject({
          state: 'failed',
          attempts: 1,
          reason: expect.stringMatching(/^\[encoding\.fenced\]/),
        });
      });

      it('does not keep the encoder from answering that it is well', async () => {
        await eventually(async () => (await fetch(`${encoder.url}/readyz`)).ok);
        expect(await (await fetch(`${encoder.url}/metrics`)).text()).toContain('job_duration_seconds');
      });
    });
  });
}
