import {
  encodeAudio,
  encodeBeginning,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
  finishEncoding,
  followMediaConvert,
  scanSource,
} from '@kinora/contracts-transcode';
import { type FlowNode, flowNode } from '@kinora/jobs';
import { type ChunkPlan, type EncodingPlan, isBeginning, isDetailed } from '@kinora/media';
import { type EngineName } from '../../domain/engine';
import { PRIORITY, chunkPriority } from './priorities';

export interface FlowOf {
  readonly id: string;
  readonly videoId: string;
  readonly sourceKey: string;
  readonly fence: number;
  readonly plan: EncodingPlan;
  readonly engine: EngineName;
}

/** Payload shared by all jobs of an encoding's fence; identities follow from it. A job gets no other's chunk: there may be thousands. */
const baseOf = ({ id, videoId, sourceKey, fence, plan }: FlowOf, chunk: ChunkPlan | undefined = plan.chunks[0]) => ({
  ...{ videoId, encodingId: id, sourceKey, fence },
  plan: { ...plan, chunks: chunk ? [chunk] : [] },
});

const chunkNode = (encoding: FlowOf, chunk: ChunkPlan, turn: number): FlowNode =>
  isBeginning(chunk)
    ? flowNode(encodeBeginning, baseOf(encoding, chunk))
    : flowNode(
        encodeChunk,
        { ...baseOf(encoding, chunk), chunkIndex: chunk.index },
        { priority: chunkPriority(chunk.index, turn) },
      );

/** The jobs of all chunks that are planned in detail once the beginning is under way. */
export const laterChunkNodes = (encoding: FlowOf, turn: number): FlowNode[] =>
  encoding.plan.chunks.filter((chunk) => !isBeginning(chunk)).map((chunk) => chunkNode(encoding, chunk, turn));

/** The jobs that make the media: our own, or the one that follows the service's. */
function makers(encoding: FlowOf, turn: number) {
  const { videoId, id: encodingId, fence, plan } = encoding;
  const refs = { videoId, encodingId, fence };
  if (encoding.engine === 'mediaconvert') return { video: [flowNode(followMediaConvert, refs)], audio: [] };
  return {
    video: [
      ...plan.chunks.map((chunk) => chunkNode(encoding, chunk, turn)),
      ...(isDetailed(plan) ? [] : [flowNode(scanSource, refs)]),
    ],
    audio: plan.audio.map(({ isDefault }, audioIndex) =>
      flowNode(
        encodeAudio,
        { ...baseOf(encoding), audioIndex },
        { priority: isDefault ? PRIORITY.sound : PRIORITY.otherSound },
      ),
    ),
  };
}

/**
 * The job graph of an encoding: finish ← storyboard ← chunks (or the follower), finish ← audio tracks, finish ← poster. While only
 * the beginning is planned, what plans the rest is a child of the storyboard too, and adds the other chunks beside itself.
 * @param turn what later chunks are put behind, see `turnNow`
 */
export function encodingFlow(encoding: FlowOf, turn: number): FlowNode {
  const base = baseOf(encoding);
  const { video, audio } = makers(encoding, turn);
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
