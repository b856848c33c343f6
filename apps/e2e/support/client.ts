import { analyticsContract } from '@kinora/contracts-analytics';
import { apiKeysContract, authContract } from '@kinora/contracts-auth';
import {
  channelsContract,
  playbackContract,
  searchContract,
  type Video,
  videosContract,
  webhooksContract,
} from '@kinora/contracts-catalog';
import { createClient } from '@kinora/contracts-common';
import { encodingsContract } from '@kinora/contracts-transcode';
import { uploadsContract } from '@kinora/contracts-upload';
import { eventually } from '@kinora/testing';

const contract = {
  ...authContract,
  ...apiKeysContract,
  ...videosContract,
  ...playbackContract,
  ...searchContract,
  ...channelsContract,
  ...webhooksContract,
  ...uploadsContract,
  ...encodingsContract,
  ...analyticsContract,
};

/** Every public endpoint, called with the given headers. */
export const clientOf = (url: string, headers: Record<string, string> = {}) =>
  createClient(contract, url, { headers: () => headers, timeoutMs: 60_000 });
export type Api = ReturnType<typeof clientOf>;

export interface Person {
  readonly api: Api;
  readonly token: string;
}

export async function signIn(url: string, email: string, password: string): Promise<Person> {
  const { accessToken } = await clientOf(url).signIn({ body: { email, password } });
  return { token: accessToken, api: clientOf(url, { authorization: `Bearer ${accessToken}` }) };
}

/** A new account, confirmed with the code that the development mailbox shows. */
export async function newPerson(url: string, name: string): Promise<Person & { email: string; password: string }> {
  const email = `${name}-${Date.now()}@example.com`;
  const password = 'Correct-horse-7';
  const anyone = clientOf(url);
  await anyone.signUp({ body: { email, password, displayName: name } });
  const code = await eventually(async () => {
    const page = await fetch(`${url}/dev/mailbox`).then((res) => res.text());
    const at = page.indexOf(email);
    return at < 0 ? undefined : /\b\d{4,8}\b/.exec(page.slice(at + email.length).replace(/<[^>]*>/g, ' '))?.[0];
  });
  await anyone.confirm({ body: { email, code } });
  return { ...(await signIn(url, email, password)), email, password };
}

/** Waits until a video has one of the states, or fails when it ends in another. */
export const videoIn = (api: Api, videoId: string, ...states: Video['status'][]): Promise<Video> =>
  eventually(
    async () => {
      const video = await api.getVideo({ params: { videoId } });
      if (states.includes(video.status)) return video;
      return undefined;
    },
    { timeoutMs: 150_000, intervalMs: 200, label: `${videoId} in ${states.join(' or ')}` },
  );
