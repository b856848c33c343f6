import { type Rendition } from '@kinora/contracts-transcode';
import {
  type EncodingPlan,
  type PublishedSegment,
  type PublishedTracks,
  begun,
  isPlayable,
  measured,
  secondsOf,
  toNumber,
} from '@kinora/media';

/** A segment that has landed; ticks of its track's timescale. */
export interface TrackSegment {
  readonly number: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly bytes: number;
}

/** What has landed of one rendition: facts of its init, and its segments in order of their numbers (with gaps while chunks run in parallel). */
export interface LandedFacts {
  readonly renditionId: string;
  readonly timescale: number;
  readonly codec: string;
  readonly initBytes: number;
  readonly segments: readonly TrackSegment[];
}
export type Landed = ReadonlyMap<string, LandedFacts>;

/** The segments from the first one on, up to the first gap. */
export const contiguous = (segments: readonly TrackSegment[]): readonly TrackSegment[] => {
  const gap = segments.findIndex((one, n) => one.number !== n + 1);
  return gap < 0 ? segments : segments.slice(0, gap);
};

const asPublished = (track: LandedFacts | undefined): readonly PublishedSegment[] =>
  contiguous(track?.segments ?? []).map(({ durationTicks, bytes }) => ({ ticks: durationTicks, bytes }));

/** All tracks of a plan, each with its contiguous segments; those that have not begun have none. */
function ladderOf(plan: EncodingPlan, landed: Landed): PublishedTracks {
  const video = plan.rungs.map((rung) => ({
    id: rung.id,
    codec: landed.get(rung.id)?.codec ?? '',
    timescale: landed.get(rung.id)?.timescale ?? rung.timescale,
    segments: asPublished(landed.get(rung.id)),
    width: rung.width,
    height: rung.height,
    frameRate: plan.rate,
  }));
  const audio = plan.audio.map((track) => ({
    id: track.id,
    codec: landed.get(track.id)?.codec ?? '',
    timescale: landed.get(track.id)?.timescale ?? track.sampleRate,
    segments: asPublished(landed.get(track.id)),
    channels: track.channels,
    sampleRate: track.sampleRate,
    ...(track.language !== undefined && { language: track.language }),
    name: track.name,
    isDefault: track.isDefault,
  }));
  return { video, audio, complete: false };
}

/** What the manifests of a whole encoding list. Audio tracks that turned out to hold nothing are left out. */
export function publishable(plan: EncodingPlan, landed: Landed): PublishedTracks {
  const { video, audio } = ladderOf(plan, landed);
  const sounding = audio.filter((track) => track.segments.length > 0);
  const main = sounding.find((track) => track.isDefault) ?? sounding[0];
  return { video, audio: sounding.map((track) => ({ ...track, isDefault: track === main })), complete: true };
}

/** What manifests may list while it is encoded; undefined until it is playable. */
export function playableSoFar(plan: EncodingPlan, landed: Landed): PublishedTracks | undefined {
  const ladder = ladderOf(plan, landed);
  return isPlayable(ladder) ? begun(ladder) : undefined;
}

/** How much of each track a set of manifests lists; equal texts are equal manifests. */
export const extentOf = (tracks: PublishedTracks): string =>
  [...tracks.video, ...tracks.audio].map((track) => `${track.id}:${track.segments.length}`).join(' ');

/** The ladder as it is published, bitrates measured. */
export const renditionsOf = (tracks: PublishedTracks): Rendition[] =>
  tracks.video.map((track) => ({
    id: track.id,
    width: track.width,
    height: track.height,
    codec: track.codec,
    bitrate: measured(track).average,
    frameRate: Math.round(toNumber(track.frameRate) * 1000) / 1000,
  }));

/** Length of the picture. */
export const videoMs = (tracks: PublishedTracks): number =>
  Math.round(Math.max(0, ...tracks.video.map(secondsOf)) * 1000);

export const bytesOf = (landed: Landed): number =>
  [...landed.values()].reduce(
    (sum, track) => track.segments.reduce((of, one) => of + one.bytes, sum + track.initBytes),
    0,
  );

/** Output seconds that a plan comes to, over all rungs and audio tracks; undefined while the source's length is unknown. */
export function plannedSeconds(plan: EncodingPlan): number | undefined {
  if (plan.durationMs === undefined) return undefined;
  return (plan.durationMs / 1000) * (plan.rungs.length + plan.audio.length);
}
