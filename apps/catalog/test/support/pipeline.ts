import { type EventSpec, newId } from '@kinora/contracts-common';
import { encodingProgress, encodingStarted, videoPlayable, videoReady } from '@kinora/contracts-transcode';
import { uploadCompleted } from '@kinora/contracts-upload';
import { eventually } from '@kinora/testing';
import { type Catalog, type Platform } from './platform';

const size = { durationMs: 10_000, width: 1280, height: 720 };
export const renditions = [
  { id: 'v720', width: 1280, height: 720, codec: 'avc1.64001f', bitrate: 2_000_000, frameRate: 25 },
];

/** All events of a video that is made without a hitch, in order. */
export const eventsOf = (
  videoId: string,
  ownerId: string,
  encodingId = newId('enc'),
): readonly (readonly [EventSpec, unknown])[] => {
  const of = { videoId, encodingId };
  return [
    [
      uploadCompleted,
      {
        ...{ videoId, ownerId, uploadId: newId('upl'), sourceKey: 'sources/x', size: 1, filename: 'a.mp4' },
        contentType: 'video/mp4',
      },
    ],
    [encodingStarted, { ...of, ...size, audioTracks: 1 }],
    [encodingProgress, { encodings: [{ ...of, progress: 0.3 }] }],
    [videoPlayable, { ...of, ...size, renditions, poster: true }],
    [encodingProgress, { encodings: [{ ...of, progress: 0.8 }] }],
    [videoReady, { ...of, ...size, durationMs: 9_960, renditions, poster: true, storyboard: true, bytes: 1000 }],
  ];
};

/** Takes a draft through the pipeline by events on the real queue. */
export async function makeReady({ send }: Platform, owner: Catalog, videoId: string, ownerId: string): Promise<string> {
  const encodingId = newId('enc');
  for (const [event, data] of eventsOf(videoId, ownerId, encodingId)) await send(event, data);
  await eventually(async () => (await owner.getVideo({ params: { videoId } })).status === 'ready');
  return encodingId;
}
