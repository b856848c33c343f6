import { type LandedSegment, type LandedTrack } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import { type InitFacts, measureSegment, parseInit, playlistOf, readPlaylist } from '@kinora/media';
import { createHash } from 'node:crypto';
import { type InWork, type Playable } from './encoding';
import { type MediaStore } from './ports';

/** Objects that are measured and copied at a time. */
const AT_ONCE = 16;

/** Runs a task for every item, some at a time; results are in the order of the items. */
async function each<T, R>(
  items: readonly T[],
  signal: AbortSignal | undefined,
  task: (item: T, n: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      signal?.throwIfAborted();
      results[next[0]] = await task(next[1], next[0]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

interface Place {
  readonly media: MediaStore;
  readonly folder: string;
  readonly sizes: ReadonlyMap<string, number>;
  readonly signal: AbortSignal | undefined;
}

const sizeOf = ({ sizes, folder }: Place, name: string): number => {
  const size = sizes.get(name);
  if (size === undefined) throw new Error(`${folder}${name} is listed and not there`);
  return size;
};

async function segmentOf(
  place: Place,
  init: InitFacts,
  name: string,
  number: number,
  key: string,
): Promise<LandedSegment> {
  const { media, folder } = place;
  const bytes = sizeOf(place, name);
  const ticks = await measureSegment(init, bytes, (start, length) => media.read(`${folder}${name}`, { start, length }));
  await media.copy(`${folder}${name}`, key);
  return { number, ...ticks, bytes };
}

async function trackOf(
  place: Place,
  { videoId, id }: InWork | Playable,
  renditionId: string,
): Promise<LandedTrack | undefined> {
  const { media, folder } = place;
  const playlist = playlistOf(place.sizes.keys(), renditionId);
  if (playlist === undefined) return undefined;
  const files = readPlaylist(Buffer.from(await media.read(`${folder}${playlist}`)).toString());
  const init = await media.read(`${folder}${files.init}`);
  const facts = parseInit(init);
  await media.copy(`${folder}${files.init}`, layout.init(videoId, id, renditionId));
  const segments = await each(files.segments, place.signal, (name, n) =>
    segmentOf(place, facts, name, n + 1, layout.segment(videoId, id, renditionId, n + 1)),
  );
  const { timescale, codec, width, height } = facts;
  return {
    renditionId,
    init: {
      ...{ timescale, codec, bytes: init.byteLength, sha256: createHash('sha256').update(init).digest('hex') },
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
    },
    segments,
  };
}

/**
 * Copies what the service wrote to where our own encoders would have put it, and measures it by its boxes. Media is neither
 * read nor sent: copies are made by the store, measuring takes some kilobytes of each segment. Running it again gives the same.
 * @returns undefined if a rung is missing; an audio track that is missing is left out
 */
export async function takeIn(
  media: MediaStore,
  encoding: InWork | Playable,
  folder: string,
  signal?: AbortSignal,
): Promise<LandedTrack[] | undefined> {
  const { rungs, audio } = encoding.work.plan;
  const place: Place = { media, folder, sizes: await media.files(folder), signal };
  const tracks: LandedTrack[] = [];
  for (const { id } of [...rungs, ...audio]) {
    const track = await trackOf(place, encoding, id);
    if (track) tracks.push(track);
    else if (rungs.some((rung) => rung.id === id)) return undefined;
  }
  return tracks;
}
