import { traced } from '@kinora/service';
import { type Ffmpeg, type MediaStore } from '../domain/ports';

/** Runs of ffmpeg in spans of their own. */
export const tracedFfmpeg = (ffmpeg: Ffmpeg): Ffmpeg => ({
  run: (run) => traced('ffmpeg', { attributes: { outputs: run.outputs.length } }, () => ffmpeg.run(run)),
});

/** Writes to the store in spans of their own. */
export const tracedStore = (store: MediaStore): MediaStore => ({
  ...store,
  put: (key, bytes) => traced('store put', { kind: 'client', attributes: { key } }, () => store.put(key, bytes)),
  putNew: (key, bytes) => traced('store put', { kind: 'client', attributes: { key } }, () => store.putNew(key, bytes)),
});
