import { type Image } from './catalogue';
import { type Engine } from './engine/engine';

export class CheckFailed extends Error {
  override name = 'CheckFailed';
}

const OTHERS = 'http://127.0.0.1:9';
/** Programs that start with nobody else there: what they need to be told, and what they say when they have. */
const STARTS: Readonly<Record<string, { env: Record<string, string>; says: string }>> = {
  web: { env: { PORT: '0', HOST: '127.0.0.1' }, says: '"listening"' },
  gateway: {
    env: {
      ...{
        PORT: '0',
        HOST: '127.0.0.1',
        KINORA_PUBLIC_URL: OTHERS,
        KINORA_AUTH_URL: OTHERS,
        KINORA_UPLOAD_URL: OTHERS,
      },
      ...{ KINORA_TRANSCODE_URL: OTHERS, KINORA_CATALOG_URL: OTHERS, KINORA_ANALYTICS_URL: OTHERS },
      ...{ KINORA_EDGE_URL: OTHERS, KINORA_WEB_URL: OTHERS },
    },
    says: 'listening',
  },
  dynalite: { env: { PORT: '0', HOST: '127.0.0.1', DATA_DIR: '/tmp/dynalite' }, says: 'listening' },
};
/** Kubernetes kills after thirty seconds; a service gives up after ten. */
const GRACE_MS = 10_000;

/** What /app has to have, and nothing else. */
export const expectedIn = ({ program, files }: Image): string[] =>
  [
    ...new Set([
      ...(program ? ['main.js'] : []),
      ...Object.keys(files).map((name) => name.split('/')[0] ?? ''),
      'sbom.json',
    ]),
  ].sort();

const same = (what: string, have: string, want: string): void => {
  if (have !== want) throw new CheckFailed(`${what}: "${have}" instead of "${want}"`);
};

/**
 * Judges a built image by its inside: what is in /app, who runs, who has ffmpeg, and that its program ends by itself when told to.
 * @throws CheckFailed
 */
export async function checkImage(engine: Engine, image: Image, name: string): Promise<void> {
  const script =
    'ls -A /app; echo; id -u; for p in ffmpeg ffprobe; do command -v $p || true; done; for f in /app/*; do [ ! -w "$f" ] || echo "may write $f"; done';
  const [listing = '', rest = ''] = (await engine.output(name, ['sh', '-c', script])).split('\n\n');
  same(`${name}: /app`, listing.split('\n').sort().join(' '), expectedIn(image).join(' '));
  const [user = '', ...facts] = rest.trim().split('\n');
  same(`${name}: user`, user, '10001');
  same(`${name}: ffmpeg`, facts.join(' '), image.runtime === 'media' ? '/usr/bin/ffmpeg /usr/bin/ffprobe' : '');

  const starts = STARTS[image.name];
  if (!starts) return;
  await engine.start(name, starts.env, async (running) => {
    await running.printed(starts.says);
    const since = Date.now();
    same(`${name}: status after SIGTERM`, String(await running.stop()), '0');
    const ms = Date.now() - since;
    if (ms > GRACE_MS) throw new CheckFailed(`${name} took ${ms} ms to end`);
  });
}
