import { authContract } from '@kinora/contracts-auth';
import { playbackContract, searchContract, type Video, videosContract } from '@kinora/contracts-catalog';
import { createClient } from '@kinora/contracts-common';
import { uploadsContract } from '@kinora/contracts-upload';
import { uploadFile } from '@kinora/local';
import { decode, type Decoded, eventually, readHls } from '@kinora/testing';
import { list, PUBLIC_URL, RELEASE } from './cluster';

const contract = { ...authContract, ...videosContract, ...searchContract, ...playbackContract, ...uploadsContract };

const clientOf = (headers: Record<string, string> = {}) =>
  createClient(contract, PUBLIC_URL, { headers: () => headers, timeoutMs: 60_000 });
export type Api = ReturnType<typeof clientOf>;

/** The person whom a trial knows from the start. */
export async function signIn(): Promise<Api> {
  const secrets = await list<{ metadata: { name: string }; data: Record<string, string> }>('secrets');
  const password = secrets.find(({ metadata }) => metadata.name === `${RELEASE}-keys`)?.data['demoPassword'] ?? '';
  const body = { email: 'demo@kinora.local', password: Buffer.from(password, 'base64').toString() };
  const { accessToken } = await eventually(() => clientOf().signIn({ body }), {
    timeoutMs: 60_000,
    label: 'signing in',
  });
  return clientOf({ authorization: `Bearer ${accessToken}` });
}

/** Uploads as any client does: what fails is repeated with a fresh URL. @returns the video's id */
export const upload = (api: Api, file: string): Promise<string> => uploadFile({ uploads: api, file });

/** Waits until a video is in one of these states. @throws at once when it has failed */
export async function videoIn(api: Api, videoId: string, ...states: Video['status'][]): Promise<Video> {
  const video = await eventually(
    async () => {
      const found = await api.getVideo({ params: { videoId } });
      return states.includes(found.status) || found.status === 'failed' ? found : undefined;
    },
    { timeoutMs: 420_000, intervalMs: 1_000, label: `${videoId} in ${states.join(' or ')}` },
  );
  if (!states.includes(video.status)) throw new Error(`${videoId} has failed: ${JSON.stringify(video.error)}`);
  return video;
}

/** Decodes the smallest rung of a video by a new grant. */
export async function watch(api: Api, videoId: string): Promise<Decoded> {
  const { hls } = await api.createPlayback({ params: { videoId }, body: {} });
  const { rungs } = await readHls(hls);
  const smallest = rungs.at(-1);
  if (!smallest) throw new Error(`${videoId} has no rungs`);
  return decode(smallest.url);
}
