/** One image: what goes in, and how large it may become. */
export interface Image {
  readonly name: string;
  /** `service`: part of the platform. `trial`: what a cluster without AWS needs beside it. */
  readonly kind: 'service' | 'trial';
  readonly dockerfile: string;
  readonly target: string;
  readonly runtime?: 'plain' | 'media';
  readonly description: string;
  /** The build fails when it is larger: megabytes (10⁶ bytes) of all its layers, unpacked. */
  readonly boundMb: number;
}

const service = (name: string, description: string, boundMb = 240): Image => ({
  name,
  kind: 'service',
  dockerfile: 'tools/images/Dockerfile',
  target: 'service',
  runtime: 'plain',
  description,
  boundMb,
});
const withFfmpeg = (image: Image): Image => ({ ...image, runtime: 'media', boundMb: 700 });

export const IMAGES: readonly Image[] = [
  service('auth', 'Accounts, roles, API keys and service tokens'),
  service('upload', 'Presigned multipart uploads and tus'),
  withFfmpeg(service('transcode', 'Probes, plans, and leads the encoding of videos')),
  withFfmpeg(service('encoder', 'Runs ffmpeg')),
  service('catalog', 'Videos, channels, search, playback grants and webhooks'),
  service('analytics', 'Beacons, sessions, rollups and live viewers'),
  service('edge', 'Delivers media, verifying grants as CloudFront would'),
  service('web', 'The web application, served as files'),
];

export const isService = ({ kind }: Image): boolean => kind === 'service';

/** Those that were asked for. @throws with the names that there are, for one that is not there */
export function chosen({ only, services }: { only: readonly string[]; services: boolean }): readonly Image[] {
  const unknown = only.filter((name) => !IMAGES.some((image) => image.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no image ${unknown.join(', ')}; it is one of ${IMAGES.map(({ name }) => name).join(', ')}`,
    );
  return IMAGES.filter((image) => (only.length === 0 || only.includes(image.name)) && (!services || isService(image)));
}
