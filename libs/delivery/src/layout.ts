/**
 * Keys of published media in the distribution store. Everything under an encoding's prefix is immutable but the
 * manifests, which grow until the encoding is complete.
 */
export const layout = {
  /** Everything of a video; what a grant opens. Ends in `/`. */
  video: (videoId: string): string => `media/${videoId}/`,
  /** Everything of one encoding. Ends in `/`. */
  encoding: (videoId: string, encodingId: string): string => `media/${videoId}/${encodingId}/`,
  /** HLS multivariant playlist. */
  hls: (videoId: string, encodingId: string): string => `${layout.encoding(videoId, encodingId)}main.m3u8`,
  /** DASH manifest. */
  dash: (videoId: string, encodingId: string): string => `${layout.encoding(videoId, encodingId)}manifest.mpd`,
  /** HLS media playlist of a rendition: `v1080`, `v720`, … by short side; `a0`, `a1`, … by track. */
  playlist: (videoId: string, encodingId: string, renditionId: string): string =>
    `${layout.encoding(videoId, encodingId)}${renditionId}.m3u8`,
  /** CMAF header of a rendition. */
  init: (videoId: string, encodingId: string, renditionId: string): string =>
    `${layout.encoding(videoId, encodingId)}${renditionId}/init.mp4`,
  /** CMAF segment; `number` from 1. */
  segment: (videoId: string, encodingId: string, renditionId: string, number: number): string =>
    `${layout.encoding(videoId, encodingId)}${renditionId}/${number}.m4s`,
  poster: (videoId: string, encodingId: string): string => `${layout.encoding(videoId, encodingId)}poster.jpg`,
  /** WebVTT that points into the sprites by `#xywh=`. */
  storyboard: (videoId: string, encodingId: string): string => `${layout.encoding(videoId, encodingId)}storyboard.vtt`,
  /** Sprite sheet; `number` from 1. */
  sprite: (videoId: string, encodingId: string, number: number): string =>
    `${layout.encoding(videoId, encodingId)}storyboard/${number}.jpg`,
} as const;

/** `v1080`, `v720`, …: by the short side, so that portrait video has the same names. */
export const videoRenditionId = (width: number, height: number): string => `v${Math.min(width, height)}`;
/** `a0`, `a1`, …: by track. */
export const audioRenditionId = (track: number): string => `a${track}`;

/** How long caches may keep an object, by its kind. Encoder and edge both use these. */
export const cacheControl = {
  immutable: 'public, max-age=31536000, immutable',
  /** A manifest that still grows: a second, or viewers would wait for segments that exist. */
  openManifest: 'public, max-age=1',
  /** A manifest that is complete: short all the same, so that a video taken down disappears. */
  closedManifest: 'public, max-age=60',
} as const;

/** True for what is rewritten while an encoding runs. */
export const isManifest = (key: string): boolean => key.endsWith('.m3u8') || key.endsWith('.mpd');
