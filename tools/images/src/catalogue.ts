import { type ServiceName, SERVICES } from '@kinora/local';

/** One image: what goes in, and how large it may become. */
export interface Image {
  readonly name: string;
  /** `service`: part of the platform. `trial`: what a cluster without AWS needs beside it. */
  readonly kind: 'service' | 'trial';
  readonly dockerfile: string;
  readonly target: string;
  /** The stage of the Dockerfile that has all of its Debian packages, and nothing of ours. */
  readonly runtime: string;
  readonly description: string;
  /** The program's folder: dist/ has its bundle in the same place. An image without one has no /app. */
  readonly program?: string;
  /** What lies beside the bundle in /app, by its name there: paths in the workspace. */
  readonly files: Readonly<Record<string, string>>;
  /** The build fails when it is larger: megabytes (10⁶ bytes) of all its layers, unpacked. */
  readonly boundMb: number;
}

const NODE_MB = 225;
const FFMPEG_MB = 660;

const DESCRIPTIONS: Record<ServiceName, string> = {
  auth: 'Accounts, roles, API keys and service tokens',
  upload: 'Presigned multipart uploads and tus',
  transcode: 'Probes and plans videos, and leads their encoding',
  encoder: 'Runs ffmpeg',
  catalog: 'Videos, channels, search, playback grants and webhooks',
  analytics: 'Beacons, sessions, rollups and live viewers',
  edge: 'Delivers media, verifying grants as CloudFront would',
  web: 'The web application, served as files',
};
const FILES: Partial<Record<ServiceName, Image['files']>> = {
  web: { public: 'dist/apps/web/public' },
  // `helm test` runs it: this image has an ffmpeg to make a video and to judge one.
  encoder: { 'journey.js': 'dist/tools/images/journey/main.js' },
};

const program = (name: string, folder: string) => ({
  name,
  dockerfile: 'tools/images/Dockerfile',
  target: 'service',
  program: folder,
});

const service = (name: ServiceName): Image => {
  const media = name === 'encoder' || name === 'transcode';
  return {
    ...program(name, `apps/${name}`),
    kind: 'service',
    runtime: media ? 'media' : 'plain',
    description: DESCRIPTIONS[name],
    files: { 'variables.json': `dist/apps/${name}/variables.json`, ...FILES[name] },
    boundMb: media ? FFMPEG_MB : NODE_MB,
  };
};

const trialProgram = (name: string, description: string, files: Image['files'] = {}): Image => ({
  ...program(name, `tools/images/trial/${name}`),
  kind: 'trial',
  runtime: 'plain',
  description,
  files,
  boundMb: NODE_MB,
});

const trialServer = (name: string, description: string, boundMb: number, files: Image['files'] = {}): Image => ({
  name,
  kind: 'trial',
  dockerfile: 'tools/images/trial/Dockerfile',
  target: name,
  runtime: `${name}-packages`,
  description,
  files,
  boundMb,
});

const swagger = 'node_modules/swagger-ui-dist';
const native = `linux-${process.arch}`;

export const IMAGES: readonly Image[] = [
  ...SERVICES.map(service),
  trialProgram('gateway', 'For a trial: one public origin where no ingress is', {
    'swagger-ui-dist/swagger-ui.css': `${swagger}/swagger-ui.css`,
    'swagger-ui-dist/swagger-ui-bundle.js': `${swagger}/swagger-ui-bundle.js`,
    'swagger-ui-dist/favicon-32x32.png': `${swagger}/favicon-32x32.png`,
  }),
  trialProgram('cognito-local', 'For a trial: cognito-local with a pool and a first user'),
  trialProgram('dynalite', 'For a trial: dynalite, in the place of DynamoDB', {
    [`prebuilds/${native}`]: `node_modules/classic-level/prebuilds/${native}`,
  }),
  trialServer('postgres', "For a trial: Debian's PostgreSQL 15", 480, { start: 'tools/images/trial/postgres/start' }),
  trialServer('redis', "For a trial: Debian's Redis", NODE_MB),
];

/** The folders of the programs that are bundled into images. */
export const programsOf = (images: readonly Image[]): string[] =>
  images.flatMap(({ program, files }) => [
    ...(program ? [program] : []),
    ...Object.values(files).flatMap((file) => /^dist\/(.*)\/main\.js$/.exec(file)?.[1] ?? []),
  ]);

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
