import { type LandedSegment, type LandedTrack } from '@kinora/contracts-transcode';
import { layout } from '@kinora/delivery';
import {
  type InitFacts,
  type Segment,
  type SegmentRule,
  type Segmenter,
  createFragmentSplitter,
  createSegmenter,
} from '@kinora/media';
import { createHash } from 'node:crypto';
import { type MediaStore, type Refuse } from './ports';

export interface RenditionOptions {
  readonly videoId: string;
  readonly encodingId: string;
  readonly renditionId: string;
  readonly rule: (facts: InitFacts) => SegmentRule;
  readonly firstSegment: number;
  /** Whether other jobs write the same track: then its init must be theirs, byte for byte. */
  readonly shared: boolean;
  /** Throws if a segment isn't what was planned. */
  readonly check?: (segment: Segment, facts: InitFacts) => void;
  readonly onEncoded: (seconds: number) => void;
  /** Called in the order of the numbers, once the object is readable. */
  readonly onLanded: (track: LandedTrack) => void;
}

export interface RenditionWriter {
  push(bytes: Uint8Array): Promise<void>;
  /** Waits until all segments that are complete have landed. */
  settle(): Promise<void>;
  /** Writes what is left and waits for all writes. */
  end(): Promise<void>;
  /** Everything that landed, as one report. */
  readonly landed: LandedTrack;
  /** Sum over all samples. */
  readonly samples: number;
  readonly seconds: number;
}

/** Segments on their way into the store at a time; beyond that the encoder waits. */
const IN_FLIGHT = 4;

/** Cuts one rendition as it leaves the encoder into segments and writes them to the store. */
export function createRenditionWriter(store: MediaStore, refuse: Refuse, options: RenditionOptions): RenditionWriter {
  const { videoId, encodingId, renditionId, onLanded } = options;
  const splitter = createFragmentSplitter();
  const segments: LandedSegment[] = [];
  let init: LandedTrack['init'];
  let facts: InitFacts | undefined;
  let segmenter: Segmenter | undefined;
  let samples = 0;
  let ticks = 0;
  /** Resolves when everything so far has landed, in order. */
  let tail: Promise<void> = Promise.resolve();
  const inFlight = new Set<Promise<unknown>>();
  let failure: unknown;

  const land = (write: Promise<unknown>, done: () => void): void => {
    const before = tail;
    const settled = write.then(
      () => undefined,
      (error: unknown) => void (failure ??= error ?? new Error('a write failed')),
    );
    inFlight.add(settled);
    tail = settled.then(async () => {
      inFlight.delete(settled);
      await before;
      if (failure === undefined) done();
    });
  };

  const room = async (): Promise<void> => {
    while (inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
    if (failure !== undefined) throw failure as Error;
  };

  const putInit = async (bytes: Uint8Array): Promise<void> => {
    const key = layout.init(videoId, encodingId, renditionId);
    if (!options.shared) return store.put(key, bytes);
    if (await store.putNew(key, bytes)) return;
    const theirs = await store.get(key);
    const chunks: Uint8Array[] = [];
    for await (const chunk of theirs ?? []) chunks.push(chunk as Uint8Array);
    if (!Buffer.concat(chunks).equals(bytes))
      throw refuse(
        'encoding.inconsistent',
        'The parts of the video were encoded by different versions. Start it again.',
      );
  };

  const write = (segment: Segment, of: InitFacts): void => {
    options.check?.(segment, of);
    const { number, startTicks, durationTicks, byteLength } = segment;
    land(store.put(layout.segment(videoId, encodingId, renditionId, number), Buffer.concat(segment.parts)), () => {
      const one = { number, startTicks, durationTicks, bytes: byteLength };
      segments.push(one);
      onLanded({ renditionId, ...(init && { init }), segments: [one] });
    });
  };

  const settle = async (): Promise<void> => {
    await tail;
    if (failure !== undefined) throw failure as Error;
  };

  return {
    async push(bytes) {
      for (const event of splitter.push(bytes)) {
        if (event.type === 'init') {
          const { timescale, codec, width, height } = (facts = event.facts);
          segmenter = createSegmenter(options.rule(event.facts), options.firstSegment);
          const size = { ...(width !== undefined && { width }), ...(height !== undefined && { height }) };
          const sha256 = createHash('sha256').update(event.bytes).digest('hex');
          const described = { timescale, codec, bytes: event.bytes.byteLength, sha256, ...size };
          land(putInit(event.bytes), () => (init = described));
        } else if (facts && segmenter) {
          samples += event.fragment.samples;
          ticks += event.fragment.durationTicks;
          options.onEncoded(event.fragment.durationTicks / facts.timescale);
          const segment = segmenter.push(event.fragment);
          if (segment) write(segment, facts);
        }
        await room();
      }
    },
    settle,
    async end() {
      const last = segmenter?.end();
      if (last && facts) write(last, facts);
      await settle();
    },
    get landed() {
      return { renditionId, ...(init && { init }), segments };
    },
    get samples() {
      return samples;
    },
    get seconds() {
      return facts ? ticks / facts.timescale : 0;
    },
  };
}
