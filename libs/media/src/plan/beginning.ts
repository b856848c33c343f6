import { type ChunkOptions, firstFrameOfSegment, planChunks } from './chunks';
import { type ChunkPlan, type ChunkRung, type EncodingPlan, type Rung } from './encoding-plan';
import { middleRung } from './middle-rung';

/** Segments of the first job: 2 s and 4 s, so that a player has a reserve while the rest is planned and begun. */
export const BEGINNING_SEGMENTS = 2;

/** The rungs that a chunk encodes, largest first, and where each begins. */
export function rungsOf(plan: EncodingPlan, chunk: ChunkPlan): { rung: Rung; part: ChunkRung }[] {
  const { startFrame, firstSegment } = chunk;
  const parts = chunk.rungs ?? plan.rungs.map(({ id }) => ({ id, startFrame, firstSegment }));
  return plan.rungs.flatMap((rung) => {
    const part = parts.find(({ id }) => id === rung.id);
    return part ? [{ rung, part }] : [];
  });
}

/** Whether a chunk is the first job of a plan, made before the source was examined. */
export const isBeginning = ({ index, rungs }: ChunkPlan): boolean => index === 0 && rungs !== undefined;

/** Whether all of an encoding is planned, and not only its beginning. */
export const isDetailed = ({ chunks }: Pick<EncodingPlan, 'chunks'>): boolean =>
  chunks.some(({ endFrame }) => endFrame === null);

/** Frames of the beginning. */
const beginningFrames = (gopFrames: number): number => firstFrameOfSegment(BEGINNING_SEGMENTS + 1, gopFrames);

/**
 * The plan with nothing in it but a first job: the first segments of the middle rung. It needs no more than the probe, so
 * it is at work while the source is examined. A video that hardly goes on after it is left whole.
 */
export function planBeginning(plan: EncodingPlan): EncodingPlan {
  const endFrame = beginningFrames(plan.gopFrames);
  if (plan.expectedFrames === undefined || plan.expectedFrames < endFrame + plan.gopFrames) return plan;
  const { id } = middleRung(plan.rungs);
  const begins = { startFrame: 0, firstSegment: 1 };
  return { ...plan, chunks: [{ index: 0, ...begins, endFrame, rungs: [{ id, ...begins }] }] };
}

/** What a look at every frame's time says; see `scanPackets`. */
export interface SourceFacts {
  /** On the grid of the output, from the first frame shown to the end of the last. */
  readonly frames: number;
  /** Longest pause between two frames. */
  readonly longestGapSeconds: number;
  /** How far a frame is shown after it is decoded, at most; over a pause about as long as that. */
  readonly reorderSeconds: number;
  /** Times are missing or go backwards: nothing can be sought in it. */
  readonly unsound: boolean;
}

/** A pause beyond which a source is not cut: decoding would have to start that long before every chunk. */
const LONGEST_GAP_SECONDS = 10;

/** A temporal filter must see its neighbours, and a file that is rebased can't be sought exactly. */
const mustStayWhole = ({ source }: EncodingPlan, facts: SourceFacts | undefined): boolean =>
  source.timing === 'rebased' ||
  source.interlaced ||
  !facts ||
  facts.unsound ||
  facts.longestGapSeconds > LONGEST_GAP_SECONDS;

/**
 * The rest of a plan that has its beginning: chunks, counted on from the first job, of which the one that starts the video
 * takes the middle rung up where that job left it.
 * @param facts undefined where the source could not be scanned; then it is encoded in one piece
 */
export function planInDetail(plan: EncodingPlan, facts: SourceFacts | undefined, chunking: ChunkOptions): EncodingPlan {
  if (isDetailed(plan)) return plan;
  const total = facts?.frames ?? plan.expectedFrames;
  const whole = mustStayWhole(plan, facts);
  const margin = whole || !facts ? 0 : facts.longestGapSeconds + facts.reorderSeconds + 0.2;
  const chunks = continued(plan, planChunks(total, plan.gopFrames, whole ? {} : chunking), total);
  return {
    ...plan,
    source: { ...plan.source, seekMarginSeconds: Math.max(plan.source.seekMarginSeconds, margin) },
    ...(total !== undefined && { expectedFrames: Math.max(1, total) }),
    chunks: [...plan.chunks, ...chunks].map((chunk, index) => ({ ...chunk, index })),
  };
}

/** Lets chunks leave out what the first job encodes; one of short chunks may have nothing left of that rung. */
function continued(plan: EncodingPlan, chunks: readonly ChunkPlan[], total: number | undefined): ChunkPlan[] {
  const done = plan.chunks[0]?.rungs?.[0]?.id;
  const resumeAt = beginningFrames(plan.gopFrames);
  const left = (total ?? Number.POSITIVE_INFINITY) - resumeAt;
  // One or two frames make another init: then all of the rung once more, into the same places.
  if (done === undefined || (left > 0 && left <= 2)) return [...chunks];
  return chunks.flatMap((chunk): ChunkPlan[] => {
    const { startFrame, firstSegment, endFrame } = chunk;
    if (startFrame >= resumeAt) return [chunk];
    const end = Math.min(endFrame ?? Number.POSITIVE_INFINITY, total ?? Number.POSITIVE_INFINITY);
    const rungs = plan.rungs.flatMap(({ id }): ChunkRung[] => {
      if (id !== done) return [{ id, startFrame, firstSegment }];
      return end > resumeAt ? [{ id, startFrame: resumeAt, firstSegment: BEGINNING_SEGMENTS + 1 }] : [];
    });
    // With a single rung there is nothing to decode again.
    const [first] = rungs.toSorted((one, other) => one.startFrame - other.startFrame);
    return first ? [{ ...chunk, startFrame: first.startFrame, firstSegment: first.firstSegment, rungs }] : [];
  });
}
