import { layout } from '@kinora/delivery';
import { createFragmentSplitter, storyboardArguments, storyboardSize, storyboardVtt } from '@kinora/media';
import { Readable } from 'node:stream';
import { type EncodeJob } from './encode-job';
import { stillLimits } from './limits';
import { RunFailed, assertRun } from './outcome';
import { type EncodeDeps, type JobRun, type MediaStore } from './ports';

/** End of one JPEG and beginning of the next; inside of one these bytes can't stand together. */
const SEAM = Buffer.from([0xff, 0xd9, 0xff, 0xd8, 0xff]);

/** Cuts JPEGs that were written one after the other. */
export function splitJpegs(bytes: Buffer): Buffer[] {
  const pictures: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(SEAM); at >= 0; at = bytes.indexOf(SEAM, from)) {
    pictures.push(bytes.subarray(from, at + 2));
    from = at + 2;
  }
  return from < bytes.length ? [...pictures, bytes.subarray(from)] : pictures;
}

/** The lowest rung as one file, as far as there are segments, and its length. */
function lowestRung(store: MediaStore, job: EncodeJob) {
  const id = job.plan.rungs.at(-1)?.id ?? '';
  const splitter = createFragmentSplitter();
  let timescale = 1;
  let ticks = 0;
  const measure = (bytes: Uint8Array): void => {
    for (const event of splitter.push(bytes)) {
      if (event.type === 'init') timescale = event.facts.timescale;
      else ticks += event.fragment.durationTicks;
    }
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    for (let number = 0; ; number += 1) {
      const key =
        number === 0
          ? layout.init(job.videoId, job.encodingId, id)
          : layout.segment(job.videoId, job.encodingId, id, number);
      const body = await store.get(key);
      if (!body) return;
      for await (const bytes of body) {
        measure(bytes as Uint8Array);
        yield bytes as Uint8Array;
      }
    }
  }
  return {
    stream: Readable.from(read(), { objectMode: false }),
    durationMs: () => Math.round((ticks * 1000) / timescale),
  };
}

/** Makes the preview sheets and their index from what was published; the index is written last. */
export const makeStoryboard =
  (deps: EncodeDeps) =>
  async (job: EncodeJob, run: JobRun): Promise<{ key: string; tiles: number }> => {
    const { plan, videoId, encodingId } = job;
    const rung = lowestRung(deps.store, job);
    const pieces: Uint8Array[] = [];
    const exit = await deps.ffmpeg.run({
      args: storyboardArguments(plan, { kind: 'stdin' }),
      outputs: [(bytes) => void pieces.push(bytes)],
      stdin: rung.stream,
      limits: stillLimits,
      signal: run.signal,
    });
    assertRun(exit, run.attempt, deps.refuse);
    const sheets = splitJpegs(Buffer.concat(pieces));
    const perSheet = plan.storyboard.columns * plan.storyboard.rows;
    // The index never points at a sheet that isn't there.
    const durationMs = Math.min(rung.durationMs(), sheets.length * perSheet * plan.storyboard.intervalMs);
    if (sheets.length === 0 || durationMs === 0) throw new RunFailed('no preview pictures came out');
    const size = storyboardSize(plan.storyboard, durationMs);
    for (const [n, sheet] of sheets.slice(0, size.sheets).entries()) {
      await deps.store.put(layout.sprite(videoId, encodingId, n + 1), sheet);
    }
    const key = layout.storyboard(videoId, encodingId);
    await deps.store.put(key, Buffer.from(storyboardVtt(plan.storyboard, durationMs)));
    return { key, tiles: size.tiles };
  };
