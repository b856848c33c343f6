import {
  encodeAudio,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
  finishEncoding,
  followMediaConvert,
} from '@kinora/contracts-transcode';
import { type FlowNode, flowNode } from '@kinora/jobs';
import { type EncodingPlan } from '@kinora/media';
import { type EngineName } from '../../domain/engine';

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
  readonly engine: EngineName;
}

/** Payload shared by all jobs of an encoding's fence; identities follow from it. */
export const baseOf = ({ id, videoId, sourceKey, fence, plan }: FlowOf) => ({
  videoId,
  encodingId: id,
  sourceKey,
  fence,
  plan,
});

/** The jobs that make the media: our own, or the one that follows the service's. */
function makers(base: ReturnType<typeof baseOf>, plan: EncodingPlan, engine: EngineName) {
  const { videoId, encodingId, fence } = base;
  if (engine === 'mediaconvert')
    return { video: [flowNode(followMediaConvert, { videoId, encodingId, fence })], audio: [] };
  return {
    video: plan.chunks.map(({ index }) =>
      flowNode(encodeChunk, { ...base, chunkIndex: index }, { priority: chunkPriority(index) }),
    ),
    audio: plan.audio.map((_, audioIndex) =>
      flowNode(encodeAudio, { ...base, audioIndex }, { priority: PRIORITY.first }),
    ),
  };
}

/** The job graph of an encoding: finish ← storyboard ← chunks (or the follower), finish ← audio tracks, finish ← poster. */
export function encodingFlow(encoding: FlowOf): FlowNode {
  const base = baseOf(encoding);
  const { video, audio } = makers(base, encoding.plan, encoding.engine);
  const { videoId, encodingId, fence } = base;
  return flowNode(
    finishEncoding,
    { videoId, encodingId, fence },
    {
      children: [
        // A failed chunk wakes the storyboard, which then fails like it, and so wakes the end at once.
        flowNode(encodeStoryboard, base, { priority: PRIORITY.storyboard, children: video }),
        ...audio,
        flowNode(encodePoster, base, { priority: PRIORITY.poster, onFailure: 'ignore' }),
      ],
    },
  );
}
