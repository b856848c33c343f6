import type shaka from 'shaka-player/dist/shaka-player.compiled-es2021';
import { languageName } from '../core/words';
import { EngineFault, noTracks, type Engine, type EngineEvents, type Fault, type Readdress, type Rung } from './engine';

type Shaka = typeof shaka;
type ShakaPlayer = InstanceType<Shaka['Player']>;

/** The part of `shaka.util.Error` that is read. */
interface ShakaError {
  readonly code: number;
  readonly category: number;
  readonly severity: number;
  readonly data: readonly unknown[];
}

const isShakaError = (error: unknown): error is ShakaError =>
  typeof error === 'object' && error !== null && 'category' in error && 'severity' in error;

const CATEGORY = { network: 1, media: 3, manifest: 4 } as const;
const BAD_HTTP_STATUS = 1001;
const CRITICAL = 2;
/** No variant can be played by this browser. */
const CONTENT_UNSUPPORTED = 4032;
/** A load that another load, or the end of the player, has cut short: LOAD_INTERRUPTED, OPERATION_ABORTED. */
const INTERRUPTED = new Set([7000, 7001]);

/** A shaka error in the player's words. @see shaka.util.Error.Code */
export function faultOf(error: unknown): Fault {
  if (!isShakaError(error)) return { kind: 'other', code: 'engine.unexpected', fatal: true };
  const fatal = error.severity === CRITICAL;
  if (error.code === BAD_HTTP_STATUS) {
    const status = Number(error.data[1]);
    const kind = status === 401 || status === 403 ? 'refused' : status === 404 || status === 410 ? 'gone' : 'network';
    return { kind, code: `http.${status}`, fatal, status };
  }
  const code = `shaka.${error.code}`;
  if (error.code === CONTENT_UNSUPPORTED) return { kind: 'unsupported', code, fatal };
  if (error.category === CATEGORY.network) return { kind: 'network', code, fatal };
  if (error.category === CATEGORY.media) return { kind: 'media', code, fatal };
  if (error.category === CATEGORY.manifest) return { kind: 'manifest', code, fatal };
  return { kind: 'other', code, fatal };
}

/** shaka is a UMD bundle: depending on the bundler its exports are the module or its default. */
const unwrap = (module: unknown): Shaka => (module as { default?: Shaka }).default ?? (module as Shaka);

/** Loads shaka late; the build that speaks HLS only is 30 % smaller. */
const loadShaka = async (protocol: 'hls' | 'dash'): Promise<Shaka> =>
  protocol === 'hls'
    ? unwrap(await import('shaka-player/dist/shaka-player.hls-es2021'))
    : unwrap(await import('shaka-player/dist/shaka-player.dash-es2021'));

const rungOf = ({
  width,
  height,
  bandwidth,
  frameRate,
  codecs,
}: {
  width: number | null;
  height: number | null;
  bandwidth: number;
  frameRate: number | null;
  codecs: string | null;
}): Rung => ({
  id: `v${Math.min(width ?? 0, height ?? 0)}`,
  width: width ?? 0,
  height: height ?? 0,
  bitrate: bandwidth,
  frameRate: frameRate ?? undefined,
  codec: codecs ?? undefined,
});

/** Makes an engine over shaka-player, or tells (by undefined) that this browser has no Media Source Extensions for it. */
export async function shakaEngine(
  video: HTMLVideoElement,
  protocol: 'hls' | 'dash',
  readdress: Readdress,
  events: EngineEvents,
): Promise<Engine | undefined> {
  const library = await loadShaka(protocol);
  library.polyfill.installAll();
  if (!library.Player.isBrowserSupported()) return undefined;
  const player: ShakaPlayer = new library.Player();
  await player.attach(video);
  player.configure({
    // Native HLS would bypass the request filter and with it the renewal of grants.
    streaming: {
      preferNativeHls: false,
      bufferingGoal: 24,
      rebufferingGoal: 1,
      bufferBehind: 30,
      retryParameters: {
        maxAttempts: 4,
        baseDelay: 400,
        backoffFactor: 2,
        fuzzFactor: 0.5,
        timeout: 30_000,
        stallTimeout: 10_000,
        connectionTimeout: 10_000,
      },
      maxDisabledTime: 30,
    },
    manifest: { retryParameters: { maxAttempts: 4, baseDelay: 400, backoffFactor: 2, fuzzFactor: 0.5 } },
    abr: { defaultBandwidthEstimate: 3e6 },
  });
  player.getNetworkingEngine()?.registerRequestFilter(async (_type, request) => {
    request.uris = await Promise.all(request.uris.map(readdress));
  });

  const rungs = () => player.getVideoTracks().filter(({ height }) => height !== null);
  const audioId = (track: { id?: number; language: string; label: string | null }) =>
    `${track.language}/${track.label ?? ''}`;
  let chosen: string | undefined;
  /** Also after another load, which forgets what was selected. */
  const select = () => {
    const track = chosen === undefined ? undefined : rungs().find((one) => rungOf(one).id === chosen);
    if (track) player.selectVideoTrack(track, true, 3);
  };
  const tell = () => {
    const active = player.getVariantTracks().find((track) => track.active);
    const video = rungs();
    const list = video.map(rungOf).sort((a, b) => b.bitrate - a.bitrate);
    const audio = player.getAudioTracks();
    const text = player.getTextTracks();
    const activeAudio = audio.find((track) => track.active);
    events.tracks({
      ...noTracks,
      rungs: list,
      activeRung:
        active &&
        rungOf({ ...active, bandwidth: active.videoBandwidth ?? active.bandwidth, codecs: active.videoCodec }),
      chosenRung: chosen,
      audio: audio.map((track) => ({
        id: audioId(track),
        language: track.language,
        label: track.label ?? languageName(track.language),
      })),
      activeAudio: activeAudio && audioId(activeAudio),
      text: text.map((track) => ({
        id: String(track.id),
        language: track.language,
        label: track.label ?? languageName(track.language),
      })),
      activeText: text.filter((track) => track.active).map((track) => String(track.id))[0],
    });
  };
  const TELLS = [
    'trackschanged',
    'adaptation',
    'variantchanged',
    'textchanged',
    'audiotrackschanged',
    'loaded',
    'mediaqualitychanged',
  ];
  for (const name of TELLS) player.addEventListener(name, tell);
  player.addEventListener('error', (event) => events.fault(faultOf((event as unknown as { detail: unknown }).detail)));

  return {
    name: `shaka-${protocol}`,
    async load(url, startAt) {
      try {
        await player.load(url, startAt);
      } catch (error) {
        if (isShakaError(error) && INTERRUPTED.has(error.code)) return;
        throw new EngineFault(faultOf(error));
      }
      select();
      tell();
    },
    chooseRung(id) {
      chosen = id;
      player.configure('abr.enabled', id === undefined);
      select();
      tell();
    },
    chooseAudio(id) {
      const track = player.getAudioTracks().find((one) => audioId(one) === id);
      if (track) player.selectAudioTrack(track);
      tell();
    },
    chooseText(id) {
      player.selectTextTrack(player.getTextTracks().find((track) => String(track.id) === id) ?? null);
      tell();
    },
    retry: () => player.retryStreaming(0.1),
    seekable: () => {
      const { start, end } = player.seekRange();
      return end > 0 ? { start, end } : undefined;
    },
    growing: () => player.isLive() || player.isDynamic() || player.isInProgress(),
    destroy: async () => {
      await player.destroy();
    },
  };
}
