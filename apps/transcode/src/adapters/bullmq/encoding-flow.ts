import { encodeAudio, encodeChunk, encodePoster, encodeStoryboard, finishEncoding } from '@kinora/contracts-transcode';
import { type FlowNode, flowNode } from '@kinora/jobs';
import { type EncodingPlan } from '@kinora/media';

/** Lower goes first, over all videos: what makes one playable before what merely continues another. */
const PRIORITY = { first: 1, poster: 2, storyboard: 3, later: 10 } as const;
/** BullMQ's largest priority is 2^21. */
const DEEPEST = 2_000_000;

const chunkPriority = (index: number): number =>
  index === 0 ? PRIORITY.first : Math.min(PRIORITY.later + index, DEEPEST);

export interface FlowOf {
  readonly id: string;
  readonly videoId: string;
  readonly sourceKey: string;
  readonly fence: number;
  readonly plan: EncodingPlan;
}

/** Payload shared by all jobs of an encoding's fence; identities follow from it. */
export const baseOf = ({ id, videoId, sourceKey, fence, plan }: FlowOf) => ({
  videoId,
  encodingId: id,
  sourceKey,
  fence,
  plan,
});

/** The job graph of an encoding: finish ← storyboard ← chunks, finish ← audio tracks, finish ← poster. */
export function encodingFlow(encoding: FlowOf): FlowNode {
  const { plan } = encoding;
  const base = baseOf(encoding);
  const chunks = plan.chunks.map(({ index }) =>
    flowNode(encodeChunk, { ...base, chunkIndex: index }, { priority: chunkPriority(index) }),
  );
  const audio = plan.audio.map((_, audioIndex) =>
    flowNode(encodeAudio, { ...base, audioIndex }, { priority: PRIORITY.first }),
  );
  const { videoId, encodingId, fence } = base;
  return flowNode(
    finishEncoding,
    { videoId, encodingId, fence },
    {
      children: [
        // A failed chunk wakes the storyboard, which then fails like it, and so wakes the end at once.
        flowNode(encodeStoryboard, base, { priority: PRIORITY.storyboard, children: chunks }),
        ...audio,
        flowNode(encodePoster, base, { priority: PRIORITY.poster, onFailure: 'ignore' }),
      ],
    },
  );
}
