import {
  encodeAudio,
  encodeBeginning,
  encodeChunk,
  encodePoster,
  encodeStoryboard,
  finishEncoding,
  startEncoding,
  sweepMedia,
} from './jobs';

// While a new version is rolled out, jobs of the old one are in the queues and both take them: what these payloads of the first
// version say must be understood for good. Nothing here may be changed; versions to come are added.
const ids = { videoId: 'vid_01ARZ3NDEKTSV4RRFFQ69G5FAV', encodingId: 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV' };
const work = { ...ids, sourceKey: 'sources/vid_1/upl_1', plan: { version: 1 }, fence: 1 };

it.each([
  [encodeChunk, { ...work, chunkIndex: 0 }, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-chunk-0-1'],
  [encodeBeginning, work, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-beginning-1'],
  [encodeAudio, { ...work, audioIndex: 0 }, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-audio-0-1'],
  [encodePoster, work, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-poster-1'],
  [encodeStoryboard, work, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-storyboard-1'],
  [startEncoding, ids, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-start'],
  [finishEncoding, { ...ids, fence: 1 }, 'enc_01ARZ3NDEKTSV4RRFFQ69G5FAV-finish-1'],
  [sweepMedia, { prefix: 'media/vid_1/', videoId: ids.videoId, round: 0 }, 'media_vid_1_sweep-0'],
])('understands jobs of the first version, and knows them by the same name (%#)', (spec, payload, identity) => {
  const parsed = spec.data.parse(payload);
  expect(parsed).toEqual(payload);
  expect(spec.identity(parsed as never)).toBe(identity);
});

it('lets pass what a later version says besides', () => {
  const later = { ...work, chunkIndex: 0, cells: 3, plan: { version: 9, mode: 'new' } };
  expect(encodeChunk.data.parse(later)).toEqual({ ...work, chunkIndex: 0, plan: { version: 9, mode: 'new' } });
});
