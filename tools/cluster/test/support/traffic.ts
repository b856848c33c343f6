import { readHls, readHlsMedia } from '@kinora/testing';
import { PUBLIC_URL } from './cluster';
import { type Api } from './platform';

export interface Traffic {
  /** Ends it; what came back, by kind of request and answer (a status, or what broke). */
  stop(): Promise<Outcome>;
}

export interface Outcome {
  readonly requests: number;
  /** Answers of 500 and above, and connections that broke. */
  readonly failures: readonly string[];
}

/** Viewers and visitors: without a pause between two requests, each repeats its own round until it is stopped. */
export function startTraffic(api: Api, videoId: string): Traffic {
  const failures: string[] = [];
  let requests = 0;
  let running = true;
  const ask = async <T>(what: string, request: () => Promise<T>): Promise<T | undefined> => {
    requests += 1;
    try {
      return await request();
    } catch (error) {
      const { status, message, cause } = error as Error & { status?: number };
      if (status === undefined || status >= 500)
        failures.push(
          `${new Date().toISOString()} ${what}: ${status ?? ''} ${message} ${cause instanceof Error ? cause.message : ''}`,
        );
      return undefined;
    }
  };
  const get = async (url: string): Promise<void> => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    await answer.arrayBuffer();
    if (!answer.ok) throw Object.assign(new Error(url), { status: answer.status });
  };
  const rounds = [
    async () => {
      const playback = await ask('playback', () => api.createPlayback({ params: { videoId }, body: {} }));
      const master = playback && (await ask('manifest', () => readHls(playback.hls)));
      const rung = master?.rungs.at(-1);
      const media = rung && (await ask('media playlist', () => readHlsMedia(rung.url)));
      for (const { url } of media?.segments ?? []) await ask('segment', () => get(url));
    },
    async () => {
      await ask('page', () => get(`${PUBLIC_URL}/`));
      await ask('video', () => api.getVideo({ params: { videoId } }));
      await ask('who am I', () => api.getProfile({}));
    },
  ];
  const workers = rounds.map(async (round) => {
    while (running) {
      await round();
      await new Promise((resolve) => setTimeout(resolve, 100)); // two cores run everything here
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(workers);
      return { requests, failures };
    },
  };
}
