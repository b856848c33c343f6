import { type PublishedTracks, begun, dashManifest, hlsMedia, hlsMultivariant, playlistName } from '@kinora/media';
import { workspaceRoot } from '@kinora/testing';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { type Title } from './title';

export interface Growing {
  readonly url: string;
  /** How many segments of each track have landed by now; the manifests follow at once. */
  land(extents: Readonly<Record<string, number>>): void;
  /** All has landed: the manifests are closed. */
  close(): void;
  stop(): Promise<void>;
}

const LIBRARIES: Readonly<Record<string, string>> = {
  'hls.js': 'node_modules/hls.js/dist/hls.min.js',
  'shaka.js': 'node_modules/shaka-player/dist/shaka-player.compiled.js',
};
const PAGE = '<!doctype html><title>player</title><video muted style="width:640px"></video>';
const typeOf = (name: string): string =>
  name.endsWith('.m3u8')
    ? 'application/vnd.apple.mpegurl'
    : name.endsWith('.mpd')
      ? 'application/dash+xml'
      : 'video/mp4';

/** An origin of one title that grows when the test says so; its manifests are those of the product's writers. */
export async function serveGrowing(title: Title): Promise<Growing> {
  const startedAt = new Date();
  let tracks: PublishedTracks = { video: [], audio: [], complete: false };

  const manifest = (name: string): string | undefined => {
    if (name === 'main.m3u8') return hlsMultivariant(tracks);
    if (name === 'manifest.mpd')
      return dashManifest(tracks, { startedAt, publishedAt: new Date(), expectedSeconds: title.seconds });
    const track = [...tracks.video, ...tracks.audio].find(({ id }) => playlistName(id) === name);
    return track && hlsMedia(track, tracks.complete);
  };
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1);
    if (name === '') return void response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
    const library = LIBRARIES[name];
    const file = library === undefined ? undefined : readFileSync(path.join(workspaceRoot, library));
    const body = file ?? manifest(name) ?? title.objects.get(name);
    if (body === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': file ? 'text/javascript' : typeOf(name), 'cache-control': 'no-store' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    land(extents) {
      const upTo = <T extends { id: string; segments: readonly unknown[] }>(track: T): T => ({
        ...track,
        segments: track.segments.slice(0, extents[track.id] ?? 0),
      });
      tracks = begun({ video: title.video.map(upTo), audio: title.audio.map(upTo), complete: false });
    },
    close: () => void (tracks = { ...title, complete: true }),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
