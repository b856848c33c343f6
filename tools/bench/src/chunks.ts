import {
  type ChunkPlan,
  type EncodingPlan,
  type Segment,
  byGops,
  chunkArguments,
  chunksOf,
  createFragmentSplitter,
  createSegmenter,
  planBeginning,
  planInDetail,
  rungsOf,
} from '@kinora/media';
import { freshDir } from '@kinora/testing';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run } from './cost';
import { planOf } from './sources';

export const WHOLE: ChunkPlan = { index: 0, startFrame: 0, endFrame: null, firstSegment: 1 };

/** The plan of a made source (constant rate, sound times) in chunks, as the pipeline makes it. */
export function chunkedPlan(file: string, seconds: number, slots: number): EncodingPlan {
  const plan = planOf(file);
  const facts = { frames: plan.expectedFrames ?? 1, longestGapSeconds: 0.2, reorderSeconds: 0, unsound: false };
  return planInDetail(planBeginning(plan), facts, chunksOf(seconds, plan.rate, slots));
}

/** Runs the command of one chunk, its outputs going to files; returns those by rung. */
export async function encodeChunk(
  plan: EncodingPlan,
  chunk: ChunkPlan,
  file: string,
  threads?: number,
): Promise<{ id: string; file: string; firstSegment: number }[]> {
  const folder = freshDir('chunk');
  const outputs = rungsOf(plan, chunk).map(({ rung, part }) => ({
    ...{ id: rung.id, file: path.join(folder, `${rung.id}.mp4`), firstSegment: part.firstSegment },
  }));
  const args = chunkArguments(plan, chunk, { kind: 'file', path: file }, threads === undefined ? {} : { threads });
  await run(
    'ffmpeg',
    args.map((arg) => {
      const fd = /^pipe:(\d+)$/.exec(arg)?.[1];
      return fd === undefined ? arg : (outputs[Number(fd) - 3]?.file ?? arg);
    }),
  );
  return outputs;
}

export interface Cut {
  readonly init: Uint8Array;
  readonly segments: readonly Segment[];
}

/** Cuts what an encoder has written into segments, as the pipeline does. */
export function cut(bytes: Uint8Array, firstSegment: number): Cut {
  const [splitter, segmenter] = [createFragmentSplitter(), createSegmenter(byGops, firstSegment)];
  let init: Uint8Array = new Uint8Array();
  const segments: Segment[] = [];
  for (const event of splitter.push(bytes)) {
    if (event.type === 'init') init = event.bytes;
    else {
      const segment = segmenter.push(event.fragment);
      if (segment) segments.push(segment);
    }
  }
  const last = segmenter.end();
  return { init, segments: last ? [...segments, last] : segments };
}

/** Encodes chunks one after the other and joins each rung; returns a playable file of each. */
export async function encodeJoined(
  plan: EncodingPlan,
  chunks: readonly ChunkPlan[],
  file: string,
): Promise<Map<string, { file: string; bytes: number; starts: number[] }>> {
  const parts = new Map<string, { cut: Cut; firstSegment: number }[]>();
  for (const chunk of chunks) {
    for (const output of await encodeChunk(plan, chunk, file, 1)) {
      const one = { cut: cut(await readFile(output.file), output.firstSegment), firstSegment: output.firstSegment };
      parts.set(output.id, [...(parts.get(output.id) ?? []), one]);
    }
  }
  const joined = new Map<string, { file: string; bytes: number; starts: number[] }>();
  for (const [id, of] of parts) {
    const ordered = of.toSorted((a, b) => a.firstSegment - b.firstSegment);
    const segments = ordered.flatMap((one) => one.cut.segments);
    const out = path.join(freshDir('joined'), `${id}.mp4`);
    await writeFile(
      out,
      Buffer.concat([ordered[0]?.cut.init ?? Buffer.alloc(0), ...segments.flatMap((one) => one.parts)]),
    );
    const bytes = segments.reduce((sum, one) => sum + one.byteLength, 0);
    joined.set(id, { file: out, bytes, starts: ordered.map((one) => one.firstSegment) });
  }
  return joined;
}
