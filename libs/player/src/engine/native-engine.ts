import { languageName } from '../core/words';
import { EngineFault, noTracks, type Engine, type EngineEvents, type Fault, type Readdress } from './engine';

/** Whether the browser plays HLS by itself (Safari, iOS). */
export const playsNatively = (video: HTMLVideoElement): boolean =>
  video.canPlayType('application/vnd.apple.mpegurl') !== '';

const KIND: Record<number, Fault['kind']> = { 2: 'network', 3: 'media', 4: 'unsupported' };

/** The browser's own HLS player: no choice of rungs, and a grant can only be renewed by loading anew. */
export function nativeEngine(video: HTMLVideoElement, readdress: Readdress, events: EngineEvents): Engine {
  const ended = new AbortController();
  const signal = ended.signal;
  const texts = () => [...video.textTracks].filter(({ kind }) => kind === 'subtitles' || kind === 'captions');
  const tell = () => {
    const text = texts();
    const showing = text.findIndex(({ mode }) => mode === 'showing');
    events.tracks({
      ...noTracks,
      text: text.map(({ language, label }, i) => ({ id: String(i), language, label: label || languageName(language) })),
      activeText: showing < 0 ? undefined : String(showing),
    });
  };
  const faultOf = (): Fault => ({
    kind: KIND[video.error?.code ?? 0] ?? 'other',
    code: `native.${video.error?.code ?? 0}`,
    fatal: true,
  });
  video.addEventListener('loadedmetadata', tell, { signal });
  video.textTracks.addEventListener('change', tell, { signal });
  video.textTracks.addEventListener('addtrack', tell, { signal });
  let loaded = false;
  video.addEventListener('error', () => loaded && events.fault(faultOf()), { signal });
  return {
    name: 'native',
    async load(url, startAt) {
      const address = await readdress(url);
      await new Promise<void>((resolve, reject) => {
        video.addEventListener('error', () => reject(new EngineFault(faultOf())), { once: true, signal });
        video.addEventListener('loadedmetadata', () => resolve(), { once: true, signal });
        video.src = address;
        video.load();
      });
      loaded = true;
      if (startAt > 0) video.currentTime = startAt;
    },
    chooseRung: () => undefined,
    chooseAudio: () => undefined,
    chooseText(id) {
      texts().forEach((track, i) => (track.mode = String(i) === id ? 'showing' : 'disabled'));
      tell();
    },
    retry: () => false,
    seekable: () =>
      video.seekable.length > 0
        ? { start: video.seekable.start(0), end: video.seekable.end(video.seekable.length - 1) }
        : undefined,
    growing: () => !Number.isFinite(video.duration),
    destroy: async () => {
      ended.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
